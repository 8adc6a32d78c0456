// The commands that the product and its scripts use; any other one is an error.
import { type Command, numberOf, type Server } from "./command.ts";
import { sortedSetCommands } from "./sorted-set.ts";
import { streamCommands } from "./streams.ts";
import { RedisError } from "./values.ts";

const OK = { status: "OK" };

function nowMs({ nowUs }: Server): number {
  return Math.floor(nowUs() / 1_000);
}

/** An expiry is a positive number of ms from now on. */
function after(server: Server, ms: string): number {
  const duration = numberOf(ms);
  if (!Number.isInteger(duration)) {
    throw new RedisError("ERR value is not an integer or out of range");
  }
  return nowMs(server) + duration;
}

const stringCommands: Record<string, Command> = {
  GET: ({ keys }, [key = ""]) => keys.text(key) ?? null,
  SET(server, [key = "", value = "", ...rest]) {
    const { keys } = server;
    const words = rest.map((each) => each.toUpperCase());
    const before = words.includes("GET") ? (keys.text(key) ?? null) : null;
    const isThere = keys.has(key);
    const refused = (words.includes("NX") && isThere) || (words.includes("XX") && !isThere);
    if (!refused) keys.setText(key, value, expiryOf(server, words, rest));
    if (words.includes("GET")) return before;
    return refused ? null : OK;
  },
  // Whatever else lies there reads as nothing.
  MGET: ({ keys }, names) =>
    names.map((key) => (keys.isText(key) ? (keys.text(key) ?? null) : null)),
  MSET({ keys }, pairs) {
    for (let index = 0; index < pairs.length; index += 2) {
      keys.setText(pairs[index] ?? "", pairs[index + 1] ?? "");
    }
    return OK;
  },
  INCR(server, [key = ""]) {
    const next = numberOf(server.keys.text(key) ?? "0") + 1;
    server.keys.setText(key, String(next), server.keys.expiresAt(key));
    return next;
  },
  GETRANGE({ keys }, [key = "", from = "", to = ""]) {
    return (keys.text(key) ?? "").slice(Number(from), Number(to) + 1);
  },
};

function expiryOf(server: Server, words: string[], rest: string[]): number | undefined {
  const [px, ex] = [words.indexOf("PX"), words.indexOf("EX")];
  if (px !== -1) return after(server, rest[px + 1] ?? "");
  if (ex !== -1) return after(server, String(1_000 * Number(rest[ex + 1])));
  return words.includes("KEEPTTL") ? undefined : undefined;
}

const keyCommands: Record<string, Command> = {
  TYPE: ({ keys }, [key = ""]) => ({ status: keys.typeOf(key) ?? "none" }),
  DEL: ({ keys }, names) => names.filter((key) => keys.drop(key)).length,
  UNLINK: ({ keys }, names) => names.filter((key) => keys.drop(key)).length,
  EXISTS: ({ keys }, names) => names.filter((key) => keys.has(key)).length,
  KEYS: ({ keys }, [pattern = ""]) => {
    const parts = pattern.split("*").map((part) => part.replaceAll(/[{}[\]().+?^$|\\]/g, "\\$&"));
    return keys.keys().filter((key) => new RegExp(`^${parts.join(".*")}$`, "s").test(key));
  },
  DUMP: ({ keys }, [key = ""]) => keys.shown(key),
  PEXPIRE: (server, [key = "", ms = ""]) => Number(server.keys.expire(key, after(server, ms))),
  EXPIRE: (server, [key = "", seconds = ""]) =>
    Number(server.keys.expire(key, after(server, String(1_000 * Number(seconds))))),
  PTTL(server, [key = ""]) {
    if (!server.keys.has(key)) return -2;
    const at = server.keys.expiresAt(key);
    return at === undefined ? -1 : at - nowMs(server);
  },
  FLUSHALL({ keys }) {
    keys.clear();
    return OK;
  },
  TIME({ nowUs }) {
    const us = Math.floor(nowUs());
    return [String(Math.floor(us / 1_000_000)), String(us % 1_000_000)];
  },
  INFO: ({ runId }) =>
    `# Server\r\nrun_id:${runId()}\r\n# Memory\r\nmaxmemory_policy:noeviction\r\n`,
};

const hashCommands: Record<string, Command> = {
  HGET: ({ keys }, [key = "", field = ""]) => keys.find(key, "hash")?.get(field) ?? null,
  HMGET({ keys }, [key = "", ...fields]) {
    const hash = keys.find(key, "hash");
    return fields.map((field) => hash?.get(field) ?? null);
  },
  HSET({ keys }, [key = "", ...pairs]) {
    const hash = keys.open(key, "hash");
    let added = 0;
    for (let index = 0; index < pairs.length; index += 2) {
      if (!hash.has(pairs[index] ?? "")) added += 1;
      hash.set(pairs[index] ?? "", pairs[index + 1] ?? "");
    }
    return added;
  },
  HSETNX({ keys }, [key = "", field = "", value = ""]) {
    if (keys.find(key, "hash")?.has(field)) return 0;
    keys.open(key, "hash").set(field, value);
    return 1;
  },
  HDEL({ keys }, [key = "", ...fields]) {
    const hash = keys.openFound(key, "hash");
    const gone = fields.filter((field) => hash?.delete(field)).length;
    keys.dropIfEmpty(key);
    return gone;
  },
  HEXISTS: ({ keys }, [key = "", field = ""]) =>
    Number(keys.find(key, "hash")?.has(field) ?? false),
  HGETALL: ({ keys }, [key = ""]) => [...(keys.find(key, "hash") ?? [])].flat(),
  HSTRLEN: ({ keys }, [key = "", field = ""]) => keys.find(key, "hash")?.get(field)?.length ?? 0,
  HLEN: ({ keys }, [key = ""]) => keys.find(key, "hash")?.size ?? 0,
  HINCRBY({ keys }, [key = "", field = "", by = ""]) {
    const next = numberOf(keys.find(key, "hash")?.get(field) ?? "0") + numberOf(by);
    keys.open(key, "hash").set(field, String(next));
    return next;
  },
};

const setCommands: Record<string, Command> = {
  SADD({ keys }, [key = "", ...members]) {
    const set = keys.open(key, "set");
    const before = set.size;
    for (const member of members) set.add(member);
    return set.size - before;
  },
  SREM({ keys }, [key = "", ...members]) {
    const set = keys.openFound(key, "set");
    const gone = members.filter((member) => set?.delete(member)).length;
    keys.dropIfEmpty(key);
    return gone;
  },
  SCARD: ({ keys }, [key = ""]) => keys.find(key, "set")?.size ?? 0,
  SMEMBERS: ({ keys }, [key = ""]) => [...(keys.find(key, "set") ?? [])],
  SISMEMBER: ({ keys }, [key = "", member = ""]) =>
    Number(keys.find(key, "set")?.has(member) ?? false),
  SMISMEMBER: ({ keys }, [key = "", ...members]) =>
    members.map((member) => Number(keys.find(key, "set")?.has(member) ?? false)),
};

const listCommands: Record<string, Command> = {
  RPUSH({ keys }, [key = "", ...items]) {
    return keys.open(key, "list").push(...items);
  },
  LPOP({ keys }, [key = ""]) {
    const first = keys.openFound(key, "list")?.shift() ?? null;
    keys.dropIfEmpty(key);
    return first;
  },
  LINDEX: ({ keys }, [key = "", index = ""]) => keys.find(key, "list")?.at(Number(index)) ?? null,
  LLEN: ({ keys }, [key = ""]) => keys.find(key, "list")?.length ?? 0,
};

export const commands: Readonly<Record<string, Command>> = {
  ...stringCommands,
  ...keyCommands,
  ...hashCommands,
  ...setCommands,
  ...listCommands,
  ...sortedSetCommands,
  ...streamCommands,
};
