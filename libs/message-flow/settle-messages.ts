// Waiting for what was decided of messages and is not published yet.
import { RetriableError } from "#libs/errors.ts";
import type { ReadMessages } from "#libs/flow-store/ports.ts";
import { ABANDONED_AFTER_MS, type Drained, drainShared } from "./drain-outbox.ts";
import type { Failure } from "./failures.ts";
import type { Publishing } from "./publish-entry.ts";

/** How long whoever waits for an entry does so before it tries again from the start. */
const STANDSTILL_MS = 4 * ABANDONED_AFTER_MS;
const POLL_MS = 100;

/**
 * Resolves once the outbox holds nothing of what was decided of these messages before they were read. Awaited where an
 * input decides nothing: it may be the repeat of one that another process has decided and not published, which is dead,
 * or no member of its group any more and does not know it; the input's offset must not be committed ahead of that.
 * Returns those of which a bug keeps an entry there: it is told by their inputs, and waits for a person with them.
 * Throws RetriableError where an entry of theirs waits, or stands still, and ShardClosedError where Redis was lost since
 * the reading. What entries of others wait for is nothing to these.
 */
export async function settleMessages(
  read: Pick<ReadMessages, "epoch" | "counter">,
  messageIds: readonly string[],
  flow: Publishing,
): Promise<Failure[]> {
  const { shard } = read.epoch;
  const failures: Failure[] = [];
  const until = performance.now() + STANDSTILL_MS;
  for (let open = [...messageIds]; open.length > 0; ) {
    const held = [...(await flow.store.unpublished(read, open))];
    if (held.length === 0) break;
    if (performance.now() > until) throw new RetriableError(`Outbox ${shard} stands still.`);
    const entryIds = [...new Set(held.map(([, entryId]) => entryId))];
    const drained = await drainShared(shard, entryIds, flow);
    assertNoneWaits(entryIds, drained);
    const { stuck, publishedCount } = drained;
    const given = held.filter(([, entryId]) => stuck.has(entryId));
    failures.push(
      ...given.map(([messageId, entryId]) => ({ messageId, error: stuck.get(entryId) })),
    );
    open = held.filter((one) => !given.includes(one)).map(([messageId]) => messageId);
    if (publishedCount === 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return failures;
}

function assertNoneWaits(entryIds: readonly string[], { waiting, away }: Drained): void {
  const own = entryIds.flatMap((entryId) => waiting.get(entryId) ?? []);
  const error = own[0]?.error ?? away;
  if (error) throw error;
}
