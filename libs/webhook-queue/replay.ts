// Brings dead letters back to life: they go to the end of their message's queue.

import type { Failure } from "./dead-letters.ts";
import { laneNamed } from "./keys.ts";
import type { WebhookQueue } from "./webhook-queue.ts";

/** Replayed by one request; the caller asks again for the rest. */
const REPLAY_COUNT_MAX = 1_000;

/**
 * Sends a dead letter once more, with all its retries and the same `webhook-id`. False: its lane is
 * full. A process that ends in between leaves the letter there: it may be delivered twice, not lost.
 */
export async function replay(
  failure: Failure,
  queue: Pick<WebhookQueue, "enqueueAgain" | "dead">,
): Promise<boolean> {
  const { lane: name, note } = failure;
  const lane = laneNamed(name);
  const notes = [{ ...note, queuedAt: Date.now() }];
  if (!(await queue.enqueueAgain({ lane, messageId: note.messageId, notes }))) return false;
  await queue.dead.remove(lane.accountId, failure);
  return true;
}

/** Replays the account's oldest 1,000, in the order in which they happened. */
export async function replayAll(
  accountId: string,
  queue: Pick<WebhookQueue, "enqueueAgain" | "dead">,
): Promise<{ replayedCount: number; remainingCount: number }> {
  const count = await queue.dead.count(accountId);
  const offset = Math.max(0, count - REPLAY_COUNT_MAX);
  const failures = await queue.dead.list(accountId, { offset, limit: REPLAY_COUNT_MAX });
  let replayedCount = 0;
  for (const failure of failures.toReversed()) {
    if (await replay(failure, queue)) replayedCount += 1;
  }
  return { replayedCount, remainingCount: await queue.dead.count(accountId) };
}
