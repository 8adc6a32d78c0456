// Brings closed shards back to what the journal tells, and opens them. Everything here may be done by several
// at once, and be left at any point and done again: messages are only ever moved upwards, and a shard is
// opened by whoever is first. From then on every other one is refused.
import type { InspectedShard } from "#libs/flow-store/closed-shards.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import type { Span, SpanReader } from "#libs/kafka/span-reader.ts";
import type { StoredRecord } from "#libs/kafka/stored-record.ts";
import { agree, areApart } from "#libs/redis/clocks.ts";
import { planRestore, type ShardPlan, toReadAgain } from "./plan-restore.ts";
import {
  type Known,
  leftAgain,
  type Progress,
  type RestoringRecords,
  type Run,
  restoreRecords,
} from "./restore-records.ts";
import { readBefore, spansOf } from "./spans-to-read.ts";

export type Restoring = Omit<RestoringRecords, "store"> & {
  store: FlowStore;
  /** A reader of the journal. */
  openReader: () => Promise<SpanReader>;
  /** Has topics read again from an instant on, by whoever makes something of them beside the journal. */
  readAgain: (since: Readonly<Record<string, number>>) => Promise<void>;
  /** Publishes the commands again of which nobody knows whether they were called. */
  commandsAgain: (closed: Epoch) => Promise<void>;
  /**
   * Tells what others have not heard, and the closed shards' outboxes do not hold, of what was decided since an
   * instant, by the journal's records of these shards from then on.
   */
  tellAgain: (
    sinceMs: number,
    closed: readonly InspectedShard[],
  ) => (records: readonly StoredRecord[]) => Promise<void>;
};

/** Between a record of the journal and the words that follow it: longer than Kafka, or a paused process, stands still. */
const TOLD_AGAIN_MS = 60_000;

/**
 * Restores and opens all shards that are closed now; resolves with what was done, null where none was. Throws
 * RetriableError while Redis, Kafka or the registry is away, where somebody else has opened a shard first, and
 * where one is closed still, since Redis has lost something once more. Throws ClockSkewError of shards whose Redis' clock
 * and this process' are apart: they could not be opened, so they are not restored, either.
 */
export async function restoreShards(restoring: Restoring): Promise<Progress | null> {
  const found = await closedShards(restoring.store);
  const closed = found.filter(({ clocks }) => !areApart(clocks));
  const done = closed.length === 0 ? null : await restoreAll(closed, restoring);
  for (const { clocks } of found) agree(clocks);
  const [left] = (await restoring.store.inspect()).filter(({ isOpen }) => !isOpen);
  if (left) throw new ShardClosedError(left.epoch.shard, left.epoch.token);
  return done;
}

async function restoreAll(
  closed: readonly InspectedShard[],
  restoring: Restoring,
): Promise<Progress> {
  const plans = planRestore(closed, restoring.now());
  await using reader = await restoring.openReader();
  const spans = await spansOf(plans, reader);
  const isLost = ({ key }: StoredRecord) => run.known.has(restoring.store.shardOf(key));
  const run: Run = {
    ...restoring,
    known: new Map(closed.map((shard) => [shard.epoch.shard, knownOf(shard)])),
    progress: progressOf(plans, spans),
    links: [],
    newestMs: 0,
  };
  restoring.onProgress(run.progress);
  await reader.read(spans, (records) => restoreRecords(records, run));
  await restoring.providerIds.linkAll(run.links);
  const isNew = run.newestMs === 0 && plans.every(({ lastMs }) => lastMs === null);
  if (!isNew) await restoring.readAgain(toReadAgain(plans, run.newestMs || restoring.now()));
  if (run.newestMs > 0) {
    const sinceMs = run.newestMs - TOLD_AGAIN_MS;
    const since = readBefore(spans, await reader.spansSince(sinceMs));
    const tell = restoring.tellAgain(sinceMs, closed);
    await reader.read(since, (records) => tell(records.filter(isLost)));
  }
  for (const known of run.known.values()) await openShard(known, restoring);
  return run.progress;
}

/** A second loss while the first is mended is noticed by the epoch, so there has to be one. */
async function closedShards(store: FlowStore): Promise<InspectedShard[]> {
  const empty = (await store.inspect()).filter(isEmpty);
  await Promise.all(empty.map(({ epoch }) => store.markEmpty(epoch.shard)));
  return (await store.inspect()).filter((shard) => !shard.isOpen && !isEmpty(shard));
}

function isEmpty({ epoch }: InspectedShard): boolean {
  return epoch.token === "";
}

function knownOf(closed: InspectedShard): Known {
  return { closed, counter: 0, lastEpoch: "", left: new Set() };
}

function progressOf(plans: readonly ShardPlan[], spans: readonly Span[]): Progress {
  return {
    shardCount: plans.length,
    wholeCount: plans.filter(({ kind }) => kind === "whole").length,
    offsetCount: spans.reduce((sum, { from, end }) => sum + end - from, 0),
    doneCount: 0,
    writtenCount: 0,
    unreadableCount: 0,
  };
}

/**
 * The commands come first: once timers fire, nobody can tell any more which attempts had no word. Somebody
 * else may be faster: then the shard is open, and that is all that was wanted.
 */
async function openShard(known: Known, restoring: Restoring): Promise<void> {
  const { closed } = known;
  try {
    await leftAgain(known, restoring);
    await restoring.commandsAgain(closed.epoch);
    await restoring.store.open(closed, known);
  } catch (error) {
    if (!(error instanceof ShardClosedError)) throw error;
  }
}
