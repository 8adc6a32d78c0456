// Publishing an outbox entry, by the process that wrote it or, if that died, by another one.
import { readEach, valueOf } from "#libs/contracts/codec.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { FlowStore, StoredMessage } from "#libs/flow-store/ports.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import { type OutgoingRecord, RecordsRefusedError } from "#libs/kafka/ports.ts";
import { journalRecord } from "./records.ts";
import { type SettingAside, setAside } from "./set-aside.ts";

/** How often another writer may pass an entry by before its journal is settled. */
const JOURNAL_ROUNDS_MAX = 20;

export type Publishing = SettingAside & { store: FlowStore; contracts: Contracts };
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
  await publishAll(
    entry.messages.flatMap(({ records }) => withCounter(records, entry)),
    flow,
  );
  let published: { messageId: string; version: number }[] = [...entry.messages];
  for (let round = 0; round < JOURNAL_ROUNDS_MAX; round++) {
    const newer = await flow.store.ack(shard, entryId, published);
    if (newer.length === 0) return;
    await publishAll(await journalAgain(newer, shard, flow), flow);
    const versions = new Map(newer.map(({ messageId, version }) => [messageId, version]));
    published = published.map(({ messageId, version }) => {
      return { messageId, version: versions.get(messageId) ?? version };
    });
  }
  throw new RetriableError(`Outbox entry ${entryId} was passed by other writers all the time.`);
}

/** Publishes records; those that Kafka refuses for good become dead letters without their bytes. */
async function publishAll(records: readonly OutgoingRecord[], flow: Publishing): Promise<void> {
  try {
    await flow.producer.publish(records);
  } catch (error) {
    if (!(error instanceof RecordsRefusedError)) throw error;
    for (const { record, cause } of error.refused) {
      const { topic, key } = record;
      const reason = `publish: Kafka refuses it for good: ${String(cause)}`;
      await setAside({ topic, key: Buffer.from(key ?? ""), bytes: null, reason }, flow);
    }
  }
}

/** The counter tells a restore how far the journal goes; only the journal carries it. */
function withCounter(records: readonly OutgoingRecord[], { counter }: Entry): OutgoingRecord[] {
  return records.map((record) =>
    record.topic === topics.messageJournal.name
      ? { ...record, headers: { ...record.headers, [headerNames.counter]: String(counter) } }
      : record,
  );
}

/** The journal's records of what is stored. What has expired has none, nor what nobody can read. */
export async function journalAgain(
  stored: readonly StoredMessage[],
  shard: number,
  flow: Publishing,
): Promise<OutgoingRecord[]> {
  const reads = await readEach(stored, ({ state }) => state, flow.contracts.journalEntry);
  const records: OutgoingRecord[] = [];
  for (const { item, read } of reads) {
    const { messageId, state } = item;
    if (!state || !read) continue;
    if (read instanceof Error) await setAside(unreadableState(messageId, state, read), flow);
    else records.push(journalRecord(valueOf(read), state, shard));
  }
  return records;
}

function unreadableState(messageId: string, bytes: Buffer, { message }: Error) {
  const reason = `read: the stored state cannot be read: ${message}`;
  return { topic: topics.messageJournal.name, key: Buffer.from(messageId), bytes, reason };
}
