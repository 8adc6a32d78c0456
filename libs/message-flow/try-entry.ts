// Trying to publish an entry that a dead process left, or one that waits.
import { inStage, RetriableError } from "#libs/errors.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { OutboxEntry } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { type Left, messageIdsOf, waitsBehind } from "./left-entries.ts";
import { outboxStuckCount } from "./metrics.ts";
import { publishAbandoned } from "./publish-abandoned.ts";
import type { Publishing } from "./publish-entry.ts";

/**
 * What so many in a row wait for is hardly something of their own: Kafka as a whole is away, or Redis. Each takes as long as
 * a send that gives up.
 */
const FAILED_RUN_MAX = 2;
/** One drain of a shard's outbox. */
export type Drain = {
  shard: number;
  left: Left;
  flow: Publishing;
  publishedCount: number;
  /** Entries that it has tried and that stay, each by which fault. */
  stuck: Map<string, unknown>;
  /** How many it has tried in vain, one after the other, that wait. */
  failedRun: number;
  /** What all of them wait for: it tries no other any more. */
  away: RetriableError | null;
};

/** Tries one of those that were left; nothing where it is gone. */
export async function tryAgain(entryId: string, drain: Drain): Promise<void> {
  const { epoch, entries } = await drain.flow.store.readEntry(drain.shard, entryId);
  const [entry] = entries;
  if (entry) await tryEntry(entry, epoch, drain);
  else drain.left.waiting.delete(entryId);
}

/** What is met goes into `drain`. Throws ShardClosedError, since the shard's outbox is another one then. */
export async function tryEntry(entry: OutboxEntry, epoch: Epoch, drain: Drain): Promise<void> {
  const { left, flow } = drain;
  const { entryId } = entry;
  const before = waitsBehind(entry, left);
  if (before !== undefined) {
    const words = `Outbox entry ${entryId} waits behind ${before}, which is of one of its messages.`;
    return wait(entry, new RetriableError(words), left);
  }
  try {
    await inStage("publish", () => publishAbandoned(entry, epoch, flow));
    left.waiting.delete(entryId);
    drain.publishedCount++;
    drain.failedRun = 0;
  } catch (error) {
    if (error instanceof ShardClosedError) throw error;
    if (error instanceof RetriableError) {
      wait(entry, error, left);
      drain.failedRun++;
      if (drain.failedRun === FAILED_RUN_MAX) drain.away = error;
    } else stay(entry, error, drain);
  }
}

function wait(entry: OutboxEntry, error: RetriableError, { waiting }: Left): void {
  waiting.delete(entry.entryId);
  waiting.set(entry.entryId, { messageIds: messageIdsOf(entry), error });
}

function stay({ entryId }: OutboxEntry, error: unknown, { shard, left, flow, stuck }: Drain): void {
  flow.log.error({ err: error, shard, entryId }, "an outbox entry stays");
  outboxStuckCount.inc();
  left.waiting.delete(entryId);
  stuck.set(entryId, error);
}
