// Brings closed shards back to what the journal tells, and opens them. Everything here may be done by several
// at once, and be left at any point and done again: messages are only ever moved upwards, and a shard is
// opened by whoever is first. From then on every other one is refused.
import type { Contracts } from "#libs/contracts/registry.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { FlowStore, InspectedShard, RestoredMessage } from "#libs/flow-store/ports.ts";
import { RESTORED_COUNT_MAX } from "#libs/flow-store/restore.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import type { Span, SpanReader, StoredRecord } from "#libs/kafka/span-reader.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { newestOf } from "./entry-order.ts";
import { planRestore, type ShardPlan, toReadAgain } from "./plan-restore.ts";
import { readEntries, type Unreadable } from "./read-entries.ts";
import { toLinks } from "./to-links.ts";
import { type ReadEntry, toRestored } from "./to-restored.ts";

export type Restoring = {
  store: FlowStore;
  contracts: Pick<Contracts, "journalDigest" | "requestDigest">;
  /** A reader of the journal. */
  openReader: () => Promise<SpanReader>;
  providerIds: Pick<ProviderIds, "linkAll">;
  /** Has topics read again from an instant on, by whoever makes something of them beside the journal. */
  readAgain: (since: Readonly<Record<string, number>>) => Promise<void>;
  /** Publishes the commands again of which nobody knows whether they were called. */
  commandsAgain: (closed: Epoch) => Promise<void>;
  /** Puts an entry that nobody can read where a person finds it. */
  setAside: (unreadable: Unreadable) => Promise<void>;
  /** Publishes the commands again of attempts that were left before anybody answered. */
  leftCommandsAgain: (entries: readonly ReadEntry[]) => Promise<void>;
  /** Tells what others have not heard of what was decided since an instant, by the journal's records from then on. */
  tellAgain: (sinceMs: number) => (records: readonly StoredRecord[]) => Promise<void>;
  onProgress: (progress: Progress) => void;
  /** Once aborted, the restore ends as soon as it can; somebody else begins it anew. */
  stop: AbortSignal;
  now: () => number;
};

export type Progress = {
  /** Closed shards, and of how many nothing is known. */
  shardCount: number;
  wholeCount: number;
  /** Offsets of the journal that are to be read, and those that are done. */
  offsetCount: number;
  doneCount: number;
  /** Messages that were behind the journal. */
  writtenCount: number;
  unreadableCount: number;
};

/** Between a record of the journal and the words that follow it: longer than Kafka, or a paused process, stands still. */
const TOLD_AGAIN_MS = 60_000;

/** The highest that the journal knows of a shard. */
type Known = { counter: number; lastEpoch: string };
type Run = Restoring & {
  closed: ReadonlyMap<number, InspectedShard>;
  known: Map<number, Known>;
  progress: Progress;
  newestMs: number;
};

/**
 * Restores and opens all shards that are closed now; resolves with what was done, null where none was. Throws
 * RetriableError while Redis, Kafka or the registry is away, where somebody else has opened a shard first, and
 * where one is closed still, since Redis has lost something once more.
 */
export async function restoreShards(restoring: Restoring): Promise<Progress | null> {
  const closed = await closedShards(restoring.store);
  if (closed.length === 0) return null;
  const plans = planRestore(closed, restoring.now());
  await using reader = await restoring.openReader();
  const spans = await spansOf(plans, reader);
  const run: Run = {
    ...restoring,
    closed: new Map(closed.map((shard) => [shard.epoch.shard, shard])),
    known: new Map(),
    progress: progressOf(plans, spans),
    newestMs: 0,
  };
  restoring.onProgress(run.progress);
  await reader.read(spans, (records) => restoreRecords(records, run));
  const isNew = run.newestMs === 0 && plans.every(({ lastMs }) => lastMs === null);
  if (!isNew) await restoring.readAgain(toReadAgain(plans, run.newestMs || restoring.now()));
  if (run.newestMs > 0) {
    const sinceMs = run.newestMs - TOLD_AGAIN_MS;
    const since = readBefore(spans, await reader.spansSince(sinceMs));
    await reader.read(since, restoring.tellAgain(sinceMs));
  }
  for (const shard of closed) await openShard(shard, run);
  const [left] = (await restoring.store.inspect()).filter(({ isOpen }) => !isOpen);
  if (left) throw new ShardClosedError(left.epoch.shard, left.epoch.token);
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

/** Of a shard whose end alone is lost its own partition is read; else all are, whatever shards there were. */
export async function spansOf(plans: readonly ShardPlan[], reader: SpanReader): Promise<Span[]> {
  const whole = plans.find(({ kind }) => kind === "whole");
  if (whole) return reader.spansSince(whole.sinceMs);
  const spans = plans.map(({ shard, sinceMs }) => reader.spansSince(sinceMs, [shard]));
  return (await Promise.all(spans)).flat();
}

/**
 * What of `since` was read before. What came behind that is of a writer that was cut off: nobody has restored it, so
 * it is decided again, maybe in another way, and told then.
 */
function readBefore(read: readonly Span[], since: readonly Span[]): Span[] {
  const ends = new Map(read.map(({ partition, end }) => [partition, end]));
  return since.map((span) => ({ ...span, end: Math.min(span.end, ends.get(span.partition) ?? 0) }));
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

async function restoreRecords(records: readonly StoredRecord[], run: Run): Promise<void> {
  const { progress, store, now } = run;
  if (run.stop.aborted) throw new RetriableError("A restore ends with its process.");
  const { entries, unreadable } = await readEntries(records, run.contracts);
  for (const one of unreadable) await run.setAside(one);
  const newest = newestOf(entries).filter(({ messageId }) =>
    run.closed.has(store.shardOf(messageId)),
  );
  await Promise.all([
    restoreEntries(newest, run),
    run.providerIds.linkAll(newest.flatMap(linksAt(now()))),
  ]);
  // Of shards that went on there are younger ones, which tell nothing of when the others were lost.
  const lost = records.filter(({ key }) => run.closed.has(store.shardOf(key)));
  run.newestMs = Math.max(run.newestMs, ...lost.map(({ timestamp }) => timestamp));
  const [first, last] = [records[0], records.at(-1)];
  progress.doneCount += first && last ? last.offset - first.offset + 1 : 0;
  progress.unreadableCount += unreadable.length;
  run.onProgress(progress);
}

function linksAt(nowMs: number) {
  return ({ digest }: ReadEntry) => toLinks(digest, nowMs);
}

async function restoreEntries(entries: readonly ReadEntry[], run: Run): Promise<void> {
  for (const entry of entries) note(entry, run);
  const kept = entries.flatMap((entry) => {
    const restored = toRestored(entry, run.now());
    return restored ? [{ entry, restored }] : [];
  });
  await run.leftCommandsAgain(kept.map(({ entry }) => entry));
  const restored = kept.map((one) => one.restored);
  const shards = Map.groupBy(restored, ({ messageId }) => run.store.shardOf(messageId));
  await Promise.all(
    [...shards].map(async ([shard, messages]) => {
      const closed = run.closed.get(shard);
      if (!closed) return;
      for (const chunk of chunked(messages)) {
        run.progress.writtenCount += await run.store.restore(closed.epoch, chunk);
      }
    }),
  );
}

function note({ messageId, order }: ReadEntry, { store, known }: Run): void {
  const shard = store.shardOf(messageId);
  const { counter, lastEpoch } = known.get(shard) ?? { counter: 0, lastEpoch: "" };
  known.set(shard, {
    counter: Math.max(counter, order.counter),
    lastEpoch: order.epoch > lastEpoch ? order.epoch : lastEpoch,
  });
}

function chunked(messages: readonly RestoredMessage[]): RestoredMessage[][] {
  const count = Math.ceil(messages.length / RESTORED_COUNT_MAX);
  return Array.from({ length: count }, (_, index) =>
    messages.slice(index * RESTORED_COUNT_MAX, (index + 1) * RESTORED_COUNT_MAX),
  );
}

/**
 * The commands come first: once timers fire, nobody can tell any more which attempts had no word. Somebody
 * else may be faster: then the shard is open, and that is all that was wanted.
 */
async function openShard(
  closed: InspectedShard,
  { store, known, commandsAgain }: Run,
): Promise<void> {
  try {
    await commandsAgain(closed.epoch);
    const none = { counter: 0, lastEpoch: "" };
    await store.open(closed, known.get(closed.epoch.shard) ?? none);
  } catch (error) {
    if (!(error instanceof ShardClosedError)) throw error;
  }
}
