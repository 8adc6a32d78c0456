// What becomes of the journal's records: each of a closed shard's messages is brought to where it is newest.
import type { Contracts } from "#libs/contracts/registry.ts";
import { cutItems } from "#libs/cut-items.ts";
import { RetriableError } from "#libs/errors.ts";
import type { InspectedShard } from "#libs/flow-store/closed-shards.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { RESTORED_COUNT_MAX } from "#libs/flow-store/restore.ts";
import type { StoredRecord } from "#libs/kafka/stored-record.ts";
import type { Link, ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { hasLeftSilent } from "./commands-again.ts";
import { newestOf } from "./entry-order.ts";
import { readEntries, type Unreadable } from "./read-entries.ts";
import { toLinks } from "./to-links.ts";
import { type ReadEntry, toRestored } from "./to-restored.ts";

/** Messages that are noted for another look when their shard is opened; 4 MB of ids. */
const LEFT_COUNT_MAX = 50_000;
/** A script of each of their shards has some sixty then: of fewer, the script takes longer than what it does. */
const LINKED_COUNT = 1_000;

export type RestoringRecords = {
  store: Pick<FlowStore, "shardOf" | "restore">;
  contracts: Pick<Contracts, "journalDigest" | "requestDigest">;
  providerIds: Pick<ProviderIds, "linkAll">;
  /** Publishes the commands again of messages' attempts that were left before anybody answered. */
  leftCommandsAgain: (closed: Epoch, messageIds: readonly string[]) => Promise<void>;
  /** Puts an entry that nobody can read where a person finds it. */
  setAside: (unreadable: Unreadable) => Promise<void>;
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

/** A closed shard, and what its records have told so far. */
export type Known = {
  closed: InspectedShard;
  /** The highest. */
  counter: number;
  lastEpoch: string;
  /** Messages with an attempt that was left without a word, as one of their records has it; not all of too many. */
  left: Set<string>;
};

export type Run = RestoringRecords & {
  /** The closed shards. */
  known: ReadonlyMap<number, Known>;
  progress: Progress;
  /** Links that wait until there are enough for a script of each of their shards. */
  links: Link[];
  /** When the newest record of theirs was taken, epoch ms; 0: there was none. */
  newestMs: number;
};

/**
 * Stores what is newer than what is there. Rejects with what Redis or the registry rejects with, ShardClosedError
 * once somebody has opened a shard, and RetriableError where the restore is to end.
 */
export async function restoreRecords(records: readonly StoredRecord[], run: Run): Promise<void> {
  const { known, progress, store } = run;
  if (run.stop.aborted) throw new RetriableError("A restore ends with its process.");
  // Of shards that went on there are younger ones, which tell nothing of when the others were lost.
  const lost = records.filter(({ key }) => known.has(store.shardOf(key)));
  for (const { timestamp } of lost) run.newestMs = Math.max(run.newestMs, timestamp);
  const batches = records.filter(({ unreadable }) => unreadable !== null);
  const { entries, unreadable } = await readEntries(new Set([...batches, ...lost]), run.contracts);
  for (const one of unreadable) await run.setAside(one);
  const newest = newestOf(entries);
  const nowMs = run.now();
  for (const { digest } of newest) run.links.push(...toLinks(digest, nowMs));
  const links = run.links.length < LINKED_COUNT ? [] : run.links.splice(0);
  await Promise.all([restoreEntries(newest, nowMs, run), run.providerIds.linkAll(links)]);
  const [first, last] = [records[0], records.at(-1)];
  progress.doneCount += first && last ? last.offset - first.offset + 1 : 0;
  progress.unreadableCount += unreadable.length;
  run.onProgress(progress);
}

async function restoreEntries(
  entries: readonly ReadEntry[],
  nowMs: number,
  run: Run,
): Promise<void> {
  const shards = Map.groupBy(entries, ({ messageId }) => run.store.shardOf(messageId));
  await Promise.all(
    [...shards].map(async ([shard, ofShard]) => {
      const known = run.known.get(shard);
      if (!known) return;
      for (const entry of ofShard) note(entry, known);
      const restored = ofShard.map((entry) => toRestored(entry, nowMs));
      for (const chunk of cutItems(restored, RESTORED_COUNT_MAX)) {
        const writtenCount = await run.store.restore(known.closed.epoch, chunk);
        // Not in one line: others add to it meanwhile.
        run.progress.writtenCount += writtenCount;
      }
      if (known.left.size >= LEFT_COUNT_MAX) await leftAgain(known, run);
    }),
  );
}

function note({ messageId, order, digest }: ReadEntry, known: Known): void {
  known.counter = Math.max(known.counter, order.counter);
  if (order.epoch > known.lastEpoch) known.lastEpoch = order.epoch;
  if (hasLeftSilent(digest)) known.left.add(messageId);
}

/** Publishes the commands again of those that were noted; which they are, what is stored by now says. */
export async function leftAgain(
  { closed, left }: Known,
  { leftCommandsAgain }: Pick<Run, "leftCommandsAgain">,
): Promise<void> {
  const messageIds = [...left];
  left.clear();
  await leftCommandsAgain(closed.epoch, messageIds);
}
