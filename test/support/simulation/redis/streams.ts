// Streams: ids never go back, whatever the clock does.
import type { Command, Server } from "./command.ts";
import { RedisError, type Stream } from "./values.ts";

export const streamCommands: Readonly<Record<string, Command>> = {
  XADD(server, [key = "", id = "", ...fields]) {
    const stream = server.keys.open(key, "stream");
    stream.lastId = id === "*" ? nextId(stream, server) : id;
    stream.entries.push({ id: stream.lastId, fields });
    return stream.lastId;
  },
  XDEL({ keys }, [key = "", ...ids]) {
    const stream = keys.openFound(key, "stream");
    if (!stream) return 0;
    const before = stream.entries.length;
    stream.entries = stream.entries.filter(({ id }) => !ids.includes(id));
    return before - stream.entries.length;
  },
  XINFO({ keys }, [, key = ""]) {
    const stream = keys.find(key, "stream");
    if (!stream) throw new RedisError("ERR no such key");
    return ["length", stream.entries.length, "last-generated-id", stream.lastId];
  },
  XLEN: ({ keys }, [key = ""]) => keys.find(key, "stream")?.entries.length ?? 0,
  XRANGE({ keys }, [key = "", from = "", to = "", ...rest]) {
    const found = (keys.find(key, "stream")?.entries ?? []).filter(isWithin(from, to));
    return told(found, rest);
  },
  XREVRANGE({ keys }, [key = "", to = "", from = "", ...rest]) {
    const found = (keys.find(key, "stream")?.entries ?? []).filter(isWithin(from, to));
    return told(found.toReversed(), rest);
  },
};

function nextId({ lastId }: Stream, { nowUs }: Server): string {
  const [ms = 0, number = 0] = lastId.split("-").map(Number);
  const now = Math.floor(nowUs() / 1_000);
  return now > ms ? `${now}-0` : `${ms}-${number + 1}`;
}

function isWithin(from: string, to: string) {
  return ({ id }: { id: string }) =>
    (from === "-" ||
      (from.startsWith("(") ? place(id, from.slice(1)) > 0 : place(id, from) >= 0)) &&
    (to === "+" || place(id, to) <= 0);
}

function place(id: string, other: string): number {
  const [ms = 0, number = 0] = id.split("-").map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split("-").map(Number);
  return ms - otherMs || number - otherNumber;
}

function told(entries: Stream["entries"], rest: string[]) {
  const count = rest[0]?.toUpperCase() === "COUNT" ? Number(rest[1]) : entries.length;
  return entries.slice(0, count).map(({ id, fields }) => [id, [...fields]]);
}
