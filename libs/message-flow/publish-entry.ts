// Publishing an outbox entry, by the process that wrote it or, if that died, by another one.
import { valueOf } from "#libs/contracts/codec.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { FlowStore, OutboxEntry, StoredMessage } from "#libs/flow-store/ports.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import { decodeOutbox } from "./outbox.ts";
import { journalRecord } from "./records.ts";

/**
 * A live process publishes its entry within a send's time limit. An older one was left by a process
 * that died, or that waits for Kafka: publishing it twice is harmless, leaving it is not.
 */
const ABANDONED_AFTER_MS = 5_000;
/** Entries taken from a shard at a time, each of 512 messages at most. */
const DRAIN_COUNT_MAX = 16;
/** How often another writer may pass an entry by before its journal is settled. */
const JOURNAL_ROUNDS_MAX = 20;

type Publishing = { store: FlowStore; producer: Producer; contracts: Contracts };
type PublishedMessage = { messageId: string; version: number; records: OutgoingRecord[] };
export type Entry = {
  shard: number;
  entryId: string;
  counter: number;
  messages: readonly PublishedMessage[];
};

/**
 * Publishes an entry's records and takes it from the outbox. Where another writer has meanwhile
 * stored a newer state, the journal may now end with the older one: the newer is published again
 * before the entry goes, so the compacted journal always ends with the newest.
 */
export async function publishEntry(entry: Entry, flow: Publishing): Promise<void> {
  const { shard, entryId } = entry;
  await flow.producer.publish(entry.messages.flatMap(({ records }) => withCounter(records, entry)));
  let published: { messageId: string; version: number }[] = [...entry.messages];
  for (let round = 0; round < JOURNAL_ROUNDS_MAX; round++) {
    const newer = await flow.store.ack(shard, entryId, published);
    if (newer.length === 0) return;
    await flow.producer.publish(await journalAgain(newer, shard, flow));
    const versions = new Map(newer.map(({ messageId, version }) => [messageId, version]));
    published = published.map(({ messageId, version }) => {
      return { messageId, version: versions.get(messageId) ?? version };
    });
  }
  throw new RetriableError(`Outbox entry ${entryId} was passed by other writers all the time.`);
}

/** Publishes what dead processes left in a shard's outbox; returns how many entries that were. */
export async function drainAbandoned(shard: number, flow: Publishing): Promise<number> {
  const options = { countMax: DRAIN_COUNT_MAX, minAgeMs: ABANDONED_AFTER_MS };
  const abandoned = await flow.store.readOutbox(shard, options);
  for (const entry of abandoned) await publishEntry(await toEntry(entry, shard, flow), flow);
  return abandoned.length;
}

/**
 * Resolves once everything that lay in the outbox at the call is published. Awaited before a
 * consumer takes over partitions: the records that it is handed again may have been decided by the
 * process before it, and their offsets must not be committed ahead of what they decided.
 */
export async function settleOutbox(flow: Publishing): Promise<void> {
  const shards = Array.from({ length: flow.store.shardCount }, (_, shard) => shard);
  await Promise.all(shards.map((shard) => settleShard(shard, flow)));
}

/** `settleOutbox` for one shard. */
export async function settleShard(shard: number, flow: Publishing): Promise<void> {
  const waiting = await presentEntries(shard, flow);
  const deadline = Date.now() + 4 * ABANDONED_AFTER_MS;
  while (waiting.size > 0) {
    if (Date.now() > deadline) throw new RetriableError(`Outbox ${shard} cannot be published.`);
    await drainAbandoned(shard, flow);
    const present = await presentEntries(shard, flow);
    for (const entryId of waiting) if (!present.has(entryId)) waiting.delete(entryId);
    if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function presentEntries(shard: number, flow: Publishing): Promise<Set<string>> {
  const options = { countMax: DRAIN_COUNT_MAX, minAgeMs: 0 };
  return new Set((await flow.store.readOutbox(shard, options)).map(({ entryId }) => entryId));
}

/**
 * The journal's record is not kept in the outbox: it is the stored state. If that has moved on, the
 * newer one takes its place: its story holds everything that was decided before.
 */
async function toEntry(entry: OutboxEntry, shard: number, flow: Publishing): Promise<Entry> {
  const { entryId, counter } = entry;
  const loaded = await flow.store.load(
    shard,
    entry.messages.map(({ messageId }) => messageId),
  );
  const states = new Map(loaded.messages.map((stored) => [stored.messageId, stored]));
  const messages = entry.messages.map(async ({ messageId, version, outbox }) => {
    const stored = states.get(messageId) ?? { messageId, version, state: null };
    const records = [...decodeOutbox(outbox), ...(await journalAgain([stored], shard, flow))];
    return { messageId, version: stored.version, records };
  });
  return { shard, entryId, counter, messages: await Promise.all(messages) };
}

/** The counter tells a restore how far the journal goes; only the journal carries it. */
function withCounter(records: readonly OutgoingRecord[], { counter }: Entry): OutgoingRecord[] {
  return records.map((record) =>
    record.topic === topics.messageJournal.name
      ? { ...record, headers: { ...record.headers, [headerNames.counter]: String(counter) } }
      : record,
  );
}

/** The records of what is stored; what has expired has none. */
async function journalAgain(
  stored: readonly StoredMessage[],
  shard: number,
  { contracts }: Publishing,
): Promise<OutgoingRecord[]> {
  const states = stored.flatMap(({ state }) => (state ? [state] : []));
  const reads = await contracts.journalEntry.read(states);
  return reads.map(valueOf).flatMap((entry, index) => {
    const state = states[index];
    return state ? [journalRecord(entry, state, shard)] : [];
  });
}
