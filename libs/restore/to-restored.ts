// What becomes of a journal entry in Redis. Pure.
import type { JournalDigest } from "#libs/contracts/journal-digest.ts";
import { timerDueAt } from "#libs/fallback/state.ts";
import type { RestoredMessage } from "#libs/flow-store/closed-shards.ts";
import { shardOf } from "#libs/flow-store/shard-of.ts";
import { KEEP_ENDED_MS } from "#libs/message-flow/prepare-moves.ts";
import type { EntryOrder } from "./entry-order.ts";

/**
 * What is overdue once Redis is back fires within so many ms, not all at once: a million timers are then a
 * hundred thousand a second, which consumers do not keep up with, but Kafka does.
 */
const SPREAD_MS = 10_000;

/**
 * Longer than a restore takes. What has expired, or would meanwhile, is kept for so long: no older record of it,
 * wherever that lies, is then taken for its newest.
 */
const KEPT_MS_MIN = 3_600_000;

export type ReadEntry = {
  messageId: string;
  order: EntryOrder;
  digest: JournalDigest;
  /** The instant in the request, epoch ms; null: there is no request, or nobody can read it. */
  requestedAt: number | null;
  /** The record's value as it stands in the journal. */
  value: Buffer;
};

/** A message that has ended so long ago that Redis would no longer keep it is on no list. */
export function toRestored(entry: ReadEntry, nowMs: number): RestoredMessage {
  const { messageId, order, digest, value } = entry;
  const dueAt = restoredDueAt(digest, nowMs);
  const keepMs = dueAt === null ? restoredKeepMs(digest, nowMs) : null;
  const indexed = keepMs === KEPT_MS_MIN ? undefined : indexedBy(entry);
  return { messageId, ...order, state: value, dueAt, keepMs, ...(indexed && { indexed }) };
}

/**
 * When the message's timer is due: as decided, or, where that is past, soon, at an instant that its id alone
 * spreads: late rather than never, and never early. What only a newer version can read is looked at soon too.
 */
function restoredDueAt({ messageId, state }: JournalDigest, nowMs: number): number | null {
  const { phase } = state;
  const dueAt = phase === "UNKNOWN" ? 0 : timerDueAt({ ...state, phase });
  if (dueAt === null || dueAt > nowMs) return dueAt;
  return nowMs + shardOf(messageId, SPREAD_MS);
}

function restoredKeepMs({ at }: JournalDigest, nowMs: number): number {
  return Math.max(KEPT_MS_MIN, at + KEEP_ENDED_MS - nowMs);
}

/** As the commit that took the request has listed it. */
function indexedBy({ digest, requestedAt }: ReadEntry): RestoredMessage["indexed"] {
  const [first] = digest.story;
  if (digest.request === null || !first) return undefined;
  const at = Math.max(0, Math.min(requestedAt ?? first.at, first.at));
  return { accountId: digest.accountId, at };
}
