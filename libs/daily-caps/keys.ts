// Keys of what an account has used of its caps, by day. One hash tag for each account: its day's keys
// change together.
import { createHash } from "node:crypto";

const DAY_MS = 24 * 3_600_000;

/** A day is one of UTC, for every account: `2026-11-29`. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** hash: what was used and refused on the day. */
export function countsKey(accountId: string, at: number): string {
  return `ft:caps:{${accountId}}:${dayOf(at)}:counts`;
}

/** set: marks of the messages that were counted on the day. */
export function takenKey(accountId: string, at: number): string {
  return `ft:caps:{${accountId}}:${dayOf(at)}:taken`;
}

/** The same of the day before: a record that comes again may do so after midnight. */
export function takenBeforeKey(accountId: string, at: number): string {
  return takenKey(accountId, at - DAY_MS);
}

/**
 * Whoever writes to Kafka chooses ids: two with one mark could be searched for among fewer bits, and
 * the second would be sent uncounted.
 */
const MARK_BYTES = 16;

/**
 * A message's id as it is remembered: 128 bits of its hash in 22 characters, some 70 bytes of Redis for
 * each message, its place in the set included.
 */
export function markOf(messageId: string): string {
  const hash = createHash("sha256").update(messageId).digest();
  return hash.subarray(0, MARK_BYTES).toString("base64url");
}
