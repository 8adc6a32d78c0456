// Redis in memory, as far as the product uses it: one command or script after the other, each whole.
// It runs the product's own Lua scripts. The same suites that try a real server try it
// (`test/property/libs/flow-store`, `test/unit/support/simulation/redis.test.ts`).
import { createHash } from "node:crypto";
import { compileLua, type LuaScript, type RedisLibrary } from "../lua/compile-lua.ts";
import { LuaError, showNumber } from "../lua/runtime.ts";
import { LuaTable, type LuaValue } from "../lua/table.ts";
import type { Reply, Server } from "./command.ts";
import { commands } from "./commands.ts";
import { Keyspace } from "./keyspace.ts";
import { RedisError } from "./values.ts";

/** Of all servers: what was hashed and compiled once serves them all. */
const shas = new Map<string, string>();
const compiled = new Map<string, LuaScript>();

export class MemoryRedis {
  readonly keys: Keyspace;
  /** Hears of the keys that a command wrote. */
  onSettled: (keys: readonly string[]) => void = () => undefined;
  /** How many commands have written something. */
  writeCount = 0;
  readonly #server: Server;
  readonly #scripts = new Map<string, string>();
  readonly #library = this.#redisLibrary();
  #processCount = 1;

  /** `now` is the server's clock, epoch ms; it may have a fraction. */
  constructor(now: () => number) {
    this.keys = new Keyspace(() => Math.floor(now()));
    const nowUs = () => Math.floor(now() * 1_000);
    this.#server = { keys: this.keys, nowUs, runId: () => this.runId };
  }

  get runId(): string {
    return String(this.#processCount).padStart(40, "0");
  }

  /** Another process serves the keys from now on. Scripts are forgotten, as they are. */
  restart({ lostCount = 0, isEmptied = false } = {}): number {
    this.#processCount += 1;
    this.#scripts.clear();
    if (isEmptied) this.keys.clear();
    return this.keys.loseLast(lostCount);
  }

  /** Carries out one command. Throws RedisError. */
  call([name = "", ...args]: readonly string[]): Reply {
    try {
      return this.#run(name.toUpperCase(), args);
    } finally {
      const written = this.keys.settle();
      if (written.length > 0) this.#told(written);
    }
  }

  #told(written: readonly string[]): void {
    this.writeCount += 1;
    this.onSettled(written);
  }

  #run(name: string, args: string[]): Reply {
    if (name === "SCRIPT") return this.#load(args[1] ?? "");
    if (name === "EVAL") return this.#runScript(this.#load(args[0] ?? ""), args.slice(1));
    if (name === "EVALSHA") return this.#runScript(args[0] ?? "", args.slice(1));
    const command = commands[name];
    if (!command) throw new SyntaxError(`The in-memory Redis has no command ${name}.`);
    return command(this.#server, args);
  }

  #load(source: string): string {
    let sha = shas.get(source);
    if (sha === undefined) {
      sha = createHash("sha1").update(Buffer.from(source, "latin1")).digest("hex");
      shas.set(source, sha);
    }
    this.#scripts.set(sha, source);
    return sha;
  }

  #runScript(sha: string, [keyCount = "0", ...rest]: string[]): Reply {
    const source = this.#scripts.get(sha);
    if (source === undefined) throw new RedisError("NOSCRIPT No matching script.");
    let script = compiled.get(sha);
    if (!script) {
      script = compileLua(Buffer.from(source, "latin1").toString());
      compiled.set(sha, script);
    }
    const count = Number(keyCount);
    const [keys, argv] = [LuaTable.of(rest.slice(0, count)), LuaTable.of(rest.slice(count))];
    try {
      return toReply(script(this.#library, keys, argv)[0]);
    } catch (error) {
      if (error instanceof LuaError) throw new RedisError(`ERR ${error.message} script: ${sha}`);
      throw error;
    }
  }

  #tried(run: () => Reply): LuaValue {
    try {
      return fromReply(run());
    } catch (error) {
      if (error instanceof RedisError) return tableWith("err", error.message);
      throw error;
    }
  }

  #redisLibrary(): RedisLibrary {
    return {
      call: (name, ...args) => [fromReply(this.#run(toArgument(name), args.map(toArgument)))],
      pcall: (name, ...args) => [
        this.#tried(() => this.#run(toArgument(name), args.map(toArgument))),
      ],
      error_reply: (message) => [tableWith("err", message)],
      status_reply: (message) => [tableWith("ok", message)],
    };
  }
}

function tableWith(key: string, value: LuaValue): LuaTable {
  const table = new LuaTable();
  table.set(key, value);
  return table;
}

function toArgument(value: LuaValue): string {
  if (typeof value === "number") return showNumber(value, 17);
  if (typeof value === "string") return value;
  throw new RedisError("ERR Lua redis lib command arguments must be strings or integers");
}

function fromReply(reply: Reply): LuaValue {
  if (reply === null) return false;
  if (typeof reply === "number" || typeof reply === "string") return reply;
  if (Array.isArray(reply)) return LuaTable.of(reply.map(fromReply));
  return tableWith("ok", reply.status);
}

function toReply(value: LuaValue): Reply {
  if (value === undefined || value === false) return null;
  if (value === true) return 1;
  if (typeof value === "number") return Math.trunc(value);
  if (typeof value === "string") return value;
  if (!(value instanceof LuaTable)) throw new RedisError("ERR a script replies no function");
  const failed = value.get("err");
  if (failed !== undefined) throw new RedisError(toArgument(failed));
  const status = value.get("ok");
  if (status !== undefined) return { status: toArgument(status) };
  return value.values().map(toReply);
}
