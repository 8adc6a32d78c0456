// The way to Redis and back, with all that happens on it: a reply is lost and the command was carried out,
// a command is given up and carried out later, a connection breaks, the server stands still or is away.
import { EventEmitter } from "node:events";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import type { Moments } from "./moments.ts";
import type { Random } from "./random.ts";
import type { Reply } from "./redis/command.ts";
import { connectMemoryRedis, type Transport } from "./redis/memory-client.ts";
import type { MemoryRedis } from "./redis/memory-redis.ts";
import { RedisError } from "./redis/values.ts";
import { machineOf, type Process, type Timeline } from "./timeline.ts";
import type { Trace } from "./trace.ts";

/** As `connectRedis` sets it. */
const COMMAND_TIMEOUT_MS = 5_000;
const RECONNECT_MS_MAX = 500;
const LATENCY_MS_MAX = 1;
export const EVERYBODY = "everybody";

type Options = {
  server: MemoryRedis;
  timeline: Timeline;
  random: Random;
  trace: Trace;
  moments: Moments;
};
type Connection = {
  machine: string;
  isOpen: boolean;
  breaks: Set<(error: Error) => void>;
  events: EventEmitter;
};

export class RedisLink {
  /** How likely it is that a connection breaks around a command. */
  breakRate = 0;
  /** Until when the server stands still (SIGSTOP): what arrives is carried out then. */
  stalledUntil = 0;
  /** How many faults keep the server away: it is there again once all are over. */
  #downCount = 0;
  /** The machines that do not get through, each as often as faults keep it away; `EVERYBODY` is all of them. */
  readonly #cut: string[] = [];
  readonly #options: Options;
  readonly #connections = new Set<Connection>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** A process' own connection. */
  connect(process: Process): Promise<RedisConnection> {
    const { server, trace } = this.#options;
    const events = new EventEmitter();
    events.setMaxListeners(0);
    const machine = machineOf(process);
    const connection: Connection = { machine, isOpen: true, breaks: new Set(), events };
    connection.isOpen = this.#isReached(connection);
    this.#connections.add(connection);
    const life = {
      events,
      status: () => (connection.isOpen ? "ready" : "reconnecting"),
      disconnect: () => this.#breakOne(connection),
    };
    const transport = inBursts(this.#transport(connection, process), this.#options.timeline);
    return connectMemoryRedis({ server, log: trace.log(), transport, life });
  }

  /** The server is killed, and is there again later, with what it has kept. */
  goDown(ms: number, restart: () => void): void {
    this.#downCount += 1;
    this.#keepOff(
      () => true,
      ms,
      () => {
        restart();
        this.#downCount -= 1;
      },
    );
  }

  /** One machine, or everybody, does not get through to the server, which lives on. */
  cutOff(machine: string, ms: number): void {
    const isCut = (each: Connection) => machine === EVERYBODY || each.machine === machine;
    this.#cut.push(machine);
    this.#keepOff(isCut, ms, () => void this.#cut.splice(this.#cut.indexOf(machine), 1));
  }

  /** Breaks connections, and has them open again later, behind `end`. */
  #keepOff(isOff: (connection: Connection) => boolean, ms: number, end: () => void): void {
    const own = () => [...this.#connections].filter(isOff);
    for (const connection of own()) this.#break(connection);
    const goOn = () => {
      end();
      for (const connection of own()) this.#reopen(connection);
    };
    this.#options.timeline.after(ms, goOn, null);
  }

  /** All connections break; the server lives on. */
  breakAll(): void {
    for (const connection of this.#connections) {
      this.#break(connection);
      this.#reopen(connection);
    }
  }

  /** Everybody gets through. */
  isWhole(): boolean {
    return this.isUp() && this.#cut.length === 0;
  }

  isUp(): boolean {
    return this.#downCount === 0;
  }

  #isReached({ machine }: Connection): boolean {
    return this.isUp() && !this.#cut.some((cut) => cut === machine || cut === EVERYBODY);
  }

  #transport(connection: Connection, process: Process): Transport {
    const { timeline, random, trace } = this.#options;
    let [arrivesAt, returnsAt] = [0, 0];
    return (carryOut, words) => {
      if (!connection.isOpen) return Promise.reject(new Error("Connection is closed."));
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      const end = () => {
        connection.breaks.delete(fail);
        timeout.run = null;
      };
      const fail = (error: Error) => {
        end();
        trace.note(() => `redis ${shown(words)}: ${error.message}`, process.name);
        timeline.after(0, () => reject(error), process);
      };
      connection.breaks.add(fail);
      const timeout = timeline.after(
        COMMAND_TIMEOUT_MS,
        () => fail(new Error("Command timed out")),
        process,
      );
      const breaks = random.isTrue(this.breakRate) ? random.pick(["before", "after"]) : "never";
      arrivesAt = Math.max(arrivesAt, timeline.now + random.between(0.05, LATENCY_MS_MAX));
      const arrive = () => {
        const waitMs = this.stalledUntil - timeline.now;
        if (waitMs > 0) return void timeline.after(waitMs, arrive, null);
        if (breaks === "before") return this.#breakOne(connection);
        // What the server has in its socket it carries out, whoever has given up; a dead one does not.
        if (!this.isUp() || (!connection.breaks.has(fail) && !isGivenUp())) return;
        const { server, moments } = this.#options;
        const { writeCount } = server;
        const carried = attempt(carryOut);
        if (isScript(words) && server.writeCount > writeCount) moments.note("write", process);
        if (isLoad(words)) moments.note("load", process);
        trace.note(() => `redis ${shown(words)} -> ${shownReply(carried)}`, process.name);
        if (breaks === "after") return this.#breakOne(connection);
        returnsAt = Math.max(returnsAt, timeline.now + random.between(0.05, LATENCY_MS_MAX));
        timeline.after(
          returnsAt - timeline.now,
          () => {
            if (!connection.breaks.has(fail)) return;
            end();
            if ("error" in carried) reject(carried.error);
            else resolve(carried.reply);
          },
          process,
        );
      };
      // Sent is sent: of a connection that broke meanwhile, half of it arrives all the same.
      const isGivenUp = () => random.isTrue(0.5);
      timeline.after(arrivesAt - timeline.now, arrive, null);
      return promise;
    };
  }

  #breakOne(connection: Connection): void {
    this.#break(connection);
    this.#reopen(connection);
  }

  #break(connection: Connection): void {
    if (!connection.isOpen) return;
    connection.isOpen = false;
    connection.events.emit("close");
    for (const fail of connection.breaks) fail(new Error("Connection is closed."));
  }

  #reopen(connection: Connection): void {
    const { timeline, random } = this.#options;
    timeline.after(
      random.between(1, RECONNECT_MS_MAX),
      () => {
        if (!this.#isReached(connection) || connection.isOpen) return;
        connection.isOpen = true;
        connection.events.emit("ready");
      },
      null,
    );
  }
}

/** Scripts that are loaded at once go by one way: each process loads all of its own at each start. */
function inBursts(send: Transport, timeline: Timeline): Transport {
  let burst = { at: -1, loads: [] as (() => Reply)[], replies: Promise.resolve<Reply>(null) };
  return (carryOut, words) => {
    if (words[0] !== "SCRIPT") return send(carryOut, words);
    if (burst.at !== timeline.now) {
      const loads: (() => Reply)[] = [];
      const replies = send(() => loads.map((load) => load()), words);
      burst = { at: timeline.now, loads, replies };
    }
    const index = burst.loads.push(carryOut) - 1;
    return burst.replies.then((replies) => (replies as Reply[])[index] ?? null);
  };
}

type Carried = { reply: Reply } | { error: RedisError };

function attempt(carryOut: () => Reply): Carried {
  try {
    return { reply: carryOut() };
  } catch (error) {
    // Anything else is what the in-memory Redis does not know.
    if (error instanceof RedisError) return { error };
    throw error;
  }
}

/** Of messages, to decide something. */
function isLoad([name, ...keys]: readonly string[]): boolean {
  return name === "mget" && keys.some((key) => key.includes(":m:"));
}

/** Whatever else is written says only that somebody lives. */
function isScript([name = ""]: readonly string[]): boolean {
  return name.startsWith("EVAL");
}

/** A script by its name, its keys, and what is readable of its arguments. */
function shown([name = "", ...args]: readonly string[]): string {
  const words = args.map((each) => (each.length > 60 ? `<${each.length} bytes>` : readable(each)));
  const shownWords = isScript([name]) ? [words[0]?.slice(0, 6) ?? "", ...words.slice(2)] : words;
  return [name.toLowerCase(), ...shownWords].join(" ").slice(0, 300);
}

function shownReply(carried: Carried): string {
  if ("error" in carried) return carried.error.message;
  const text = JSON.stringify(carried.reply);
  return text.length > 160 ? `${readable(text.slice(0, 160))}...` : readable(text);
}

function readable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ".");
}
