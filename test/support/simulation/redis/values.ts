// What lies under a key. Bytes are strings with a character for each byte.

export type Stream = { entries: { id: string; fields: string[] }[]; lastId: string };
type Holding = {
  string: string;
  hash: Map<string, string>;
  set: Set<string>;
  zset: Map<string, number>;
  list: string[];
  stream: Stream;
};

export type Type = keyof Holding;
export type Held<T extends Type> = Holding[T];
export type Value = { [T in Type]: { type: T; value: Held<T> } }[Type];

/** An error as Redis replies it; the message begins with its code. */
export class RedisError extends Error {
  override name = "ReplyError";
}

export function empty(type: Type): Value {
  switch (type) {
    case "string":
      return { type, value: "" };
    case "hash":
      return { type, value: new Map() };
    case "set":
      return { type, value: new Set() };
    case "zset":
      return { type, value: new Map() };
    case "list":
      return { type, value: [] };
    case "stream":
      return { type, value: { entries: [], lastId: "0-0" } };
  }
}

/** A copy that later writes do not change. */
export function copyOf(held: Value): Value {
  switch (held.type) {
    case "string":
      return { ...held };
    case "hash":
      return { type: "hash", value: new Map(held.value) };
    case "set":
      return { type: "set", value: new Set(held.value) };
    case "zset":
      return { type: "zset", value: new Map(held.value) };
    case "list":
      return { type: "list", value: [...held.value] };
    case "stream": {
      const { entries, lastId } = held.value;
      return { type: "stream", value: { entries: [...entries], lastId } };
    }
  }
}

/** Redis takes a key away with the last of what it held; an empty stream stays. */
export function isEmpty({ type, value }: Value): boolean {
  if (type === "string" || type === "stream") return false;
  return type === "list" ? value.length === 0 : value.size === 0;
}
