// Reads what a script returned. A reply of another shape than the script's is a bug: TypeError.

/** An array reply. */
export function toList(reply: unknown): unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new TypeError(`Redis replied ${typeof reply} where a list was due.`);
}

/** A bulk string as bytes. */
export function toBytes(reply: unknown): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  throw new TypeError(`Redis replied ${typeof reply} where bytes were due.`);
}

/** A bulk string as text. */
export function toText(reply: unknown): string {
  return toBytes(reply).toString();
}

/** An integer, or a bulk string that holds a number: Redis returns scores so. */
export function toNumber(reply: unknown): number {
  const number = typeof reply === "number" ? reply : Number(toText(reply));
  if (Number.isFinite(number)) return number;
  throw new TypeError("Redis replied text where a number was due.");
}

/** The reply of TIME as epoch ms, rounded down. */
export function toEpochMs(time: unknown): number {
  const [seconds, microseconds] = toList(time).map(String).map(Number);
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

/** A flat list of keys and values, as Redis returns scores and fields. */
export function toPairs(reply: unknown): [unknown, unknown][] {
  const flat = toList(reply);
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}
