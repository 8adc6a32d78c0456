// What one process' drains have left in a shard's outbox, so that the next one goes on behind it. Nothing of that is
// needed: whoever knows nothing tries all of it.
import type { RetriableError } from "#libs/errors.ts";
import { isOlderEntry } from "#libs/flow-store/entry-ids.ts";
import type { OutboxEntry } from "#libs/flow-store/ports.ts";

/** How long entries that a bug keeps there rest until they are tried again, the next ones one after the other. */
const REST_MS = 60_000;

export type Left = {
  /** The epoch that all of this is of; "" for none. */
  token: string;
  /** Up to this entry each is gone, or was tried and is there still. */
  passed: string | undefined;
  /** Of these, those that wait for what may pass; whichever was tried last is the last one. */
  waiting: Map<string, { messageIds: readonly string[]; error: RetriableError }>;
  /** Of these, those that somebody waits for. */
  wanted: Set<string>;
  /** Behind which entry, and not before when (ms of `performance.now()`), the others are tried again. */
  again: { after: string | undefined; atMs: number };
};

/** Nothing is known of what lies there in this epoch. */
export function nothingLeft(token: string): Left {
  const again = { after: undefined, atMs: performance.now() + REST_MS };
  return { token, passed: undefined, waiting: new Map(), wanted: new Set(), again };
}

/** They were tried, as far as they are there still. */
export function hasPassed({ passed }: Left, entryId: string): boolean {
  return passed !== undefined && !isOlderEntry(passed, entryId);
}

/** Which of these a bug has kept there until now. */
export function stuckOf(entryIds: readonly string[], left: Left): string[] {
  return entryIds.filter((entryId) => hasPassed(left, entryId) && !left.waiting.has(entryId));
}

/** An older entry that waits and has a message of this one, too; undefined where there is none. */
export function waitsBehind(entry: OutboxEntry, { waiting }: Left): string | undefined {
  const messageIds = new Set(messageIdsOf(entry));
  const isOf = ([entryId, one]: [string, { messageIds: readonly string[] }]) =>
    isOlderEntry(entryId, entry.entryId) && one.messageIds.some((id) => messageIds.has(id));
  return waiting.size === 0 ? undefined : [...waiting].find(isOf)?.[0];
}

export function messageIdsOf(entry: OutboxEntry): string[] {
  return "fault" in entry ? [] : entry.messages.map(({ messageId }) => messageId);
}

/** `last` was the last one that was tried again; undefined where the next would be the first once more. */
export function goOnBehind(last: string | undefined, left: Left): void {
  left.again = { after: last, atMs: last === undefined ? performance.now() + REST_MS : 0 };
}
