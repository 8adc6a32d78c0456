// What a restore would do now, without doing any of it.
import type { Contracts } from "#libs/contracts/registry.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import type { SpanReader } from "#libs/kafka/span-reader.ts";
import type { StoredRecord } from "#libs/kafka/stored-record.ts";
import { planRestore, type ShardPlan } from "./plan-restore.ts";
import { readEntries } from "./read-entries.ts";
import { spansOf } from "./spans-to-read.ts";
import { toRestored } from "./to-restored.ts";

export type Survey = {
  shardCount: number;
  /** Closed shards, with from when on the journal would be read. */
  plans: ShardPlan[];
  /** Records that would be read; compaction leaves little more than one of each message. */
  recordCount: number;
  /** Of messages of closed shards: still open, of these already overdue, ended. */
  openCount: number;
  overdueCount: number;
  endedCount: number;
  /** Nobody can read them: they would become dead letters. */
  unreadableCount: number;
};

type Surveying = {
  store: Pick<FlowStore, "inspect" | "shardOf" | "shardCount">;
  contracts: Pick<Contracts, "journalDigest" | "requestDigest">;
  openReader: () => Promise<SpanReader>;
  nowMs: number;
};

/** Reads what a restore would read. Throws RetriableError while Redis, Kafka or the registry is away. */
export async function surveyRestore(surveying: Surveying): Promise<Survey> {
  const { store, openReader, nowMs } = surveying;
  const closed = (await store.inspect()).filter(({ isOpen }) => !isOpen);
  const plans = planRestore(closed, nowMs);
  const counts = { openCount: 0, overdueCount: 0, endedCount: 0, unreadableCount: 0 };
  const survey = { shardCount: store.shardCount, plans, recordCount: 0, ...counts };
  if (plans.length === 0) return survey;
  await using reader = await openReader();
  await reader.read(await spansOf(plans, reader), (records) => count(records, survey, surveying));
  return survey;
}

async function count(
  records: readonly StoredRecord[],
  survey: Survey,
  { store, contracts, nowMs }: Surveying,
): Promise<void> {
  const shards = new Set(survey.plans.map(({ shard }) => shard));
  const { entries, unreadable } = await readEntries(records, contracts);
  survey.recordCount += records.length;
  survey.unreadableCount += unreadable.length;
  for (const entry of entries) {
    if (!shards.has(store.shardOf(entry.messageId))) continue;
    const restored = toRestored(entry, nowMs);
    if (restored.dueAt !== null) survey.openCount += 1;
    else survey.endedCount += 1;
    // A timer that was due before is armed for now or some seconds later.
    const { attempts } = entry.digest.state;
    const deadlineAt = attempts.at(-1)?.deadlineAt ?? entry.digest.state.scheduledAt ?? Infinity;
    if (restored.dueAt !== null && deadlineAt <= nowMs) survey.overdueCount += 1;
  }
}
