// What a command of the in-memory Redis is: all of it happens, or none.
import type { Keyspace } from "./keyspace.ts";
import { RedisError } from "./values.ts";

/** A number is an integer reply, text a bulk one; `status` a simple one. */
export type Reply = number | string | null | Reply[] | { status: string };

export type Server = {
  keys: Keyspace;
  /** The server's own clock, epoch us. */
  nowUs: () => number;
  /** Another one for every process that has served these keys. */
  runId: () => string;
};

export type Command = (server: Server, args: string[]) => Reply;

/** A score or a number, as Redis reads it. */
export function numberOf(text: string): number {
  if (/^[+]?inf$/i.test(text)) return Infinity;
  if (/^-inf$/i.test(text)) return -Infinity;
  const read = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(read)) throw new RedisError("ERR value is not a valid float");
  return read;
}

/** A score as Redis writes it. */
export function showScore(score: number): string {
  if (score === Infinity) return "inf";
  return score === -Infinity ? "-inf" : String(score);
}
