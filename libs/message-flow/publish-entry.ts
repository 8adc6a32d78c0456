// Publishing an outbox entry, by the process that wrote it or, if that died, by another one.
import { readStored } from "#libs/contracts/journal-rescue.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import { type Epoch, epochName } from "#libs/flow-store/epoch.ts";
import type { FlowStore, StoredMessage } from "#libs/flow-store/ports.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import { type OutgoingRecord, RecordsRefusedError } from "#libs/kafka/ports.ts";
import { journalRecord } from "./records.ts";
import { type Hopeless, type SettingAside, setAside } from "./set-aside.ts";

/** How often another writer may pass an entry by before its journal is settled. */
const JOURNAL_ROUNDS_MAX = 20;

export type Publishing = SettingAside & { store: FlowStore; contracts: Contracts };
type PublishedMessage = { messageId: string; version: number; records: OutgoingRecord[] };
/** The epoch is the one in which the entry was committed or read. */
export type Entry = {
  epoch: Epoch;
  entryId: string;
  messages: readonly PublishedMessage[];
};

/**
 * Publishes an entry's records and takes it from the outbox. Where another writer has meanwhile
 * stored a newer state, the journal may now end with the older one: the newer is published again
 * before the entry goes, so the compacted journal always ends with the newest.
 */
export async function publishEntry(entry: Entry, flow: Publishing): Promise<void> {
  const { epoch, entryId } = entry;
  await publishInOrder(entry, flow);
  let published: { messageId: string; version: number }[] = [...entry.messages];
  for (let round = 0; round < JOURNAL_ROUNDS_MAX; round++) {
    const { newer, counter } = await flow.store.ack(epoch, entryId, published);
    if (newer.length === 0) return;
    await publishAll(await journalAgain(newer, { epoch, counter }, flow), flow);
    const versions = new Map(newer.map(({ messageId, version }) => [messageId, version]));
    published = published.map(({ messageId, version }) => {
      return { messageId, version: versions.get(messageId) ?? version };
    });
  }
  throw new RetriableError(`Outbox entry ${entryId} was passed by other writers all the time.`);
}

function isJournal({ topic }: OutgoingRecord): boolean {
  return topic === topics.messageJournal.name;
}

/**
 * The journal first: whatever others hear of is what a restore finds. Should Redis be lost in between,
 * nothing has been told that could be decided in another way; should that be while the journal's record is still
 * on its way, nobody knows whether a restore has found it, and the rest is left to that. A process that stood still
 * before it sends anything publishes nothing: who reads the journal would tell of it.
 */
async function publishInOrder({ epoch, messages }: Entry, flow: Publishing): Promise<void> {
  const records = messages.flatMap((message) => message.records);
  const rest = records.filter((record) => !isJournal(record));
  await flow.store.confirm(epoch);
  await publishAll(records.filter(isJournal), flow);
  if (rest.length === 0) return;
  await flow.store.confirm(epoch);
  await publishAll(rest, flow);
}

/** Publishes records; those that Kafka refuses for good become dead letters without their bytes. */
export async function publishAll(
  records: readonly OutgoingRecord[],
  flow: Publishing,
): Promise<void> {
  try {
    await flow.producer.publish(records);
  } catch (error) {
    if (!(error instanceof RecordsRefusedError)) throw error;
    for (const { record, cause } of error.refused) {
      const { topic, key } = record;
      const why = {
        stage: "publish",
        reason: `Kafka refuses it for good: ${String(cause)}`,
      } as const;
      await setAside({ topic, key: Buffer.from(key ?? ""), bytes: null, ...why }, flow);
    }
  }
}

/** Where a state stands in its shard's history. */
export type JournalPlace = { epoch: Epoch; counter: number };

/** Tells with a record of the journal, and no other, where it stands: a restore orders them by that. */
export function markJournal(
  record: OutgoingRecord,
  { epoch, counter }: JournalPlace,
): OutgoingRecord {
  if (!isJournal(record)) return record;
  const place = { [headerNames.epoch]: epochName(epoch), [headerNames.counter]: String(counter) };
  return { ...record, headers: { ...record.headers, ...place } };
}

/**
 * The journal's records of what is stored; `place` was read with it. What has expired has none, nor
 * what nobody can read.
 */
export async function journalAgain(
  stored: readonly StoredMessage[],
  place: JournalPlace,
  flow: Publishing,
): Promise<OutgoingRecord[]> {
  const records: OutgoingRecord[] = [];
  for (const { item, entry, fault } of await readStored(
    stored,
    ({ state }) => state,
    flow.contracts,
  )) {
    const { messageId, state } = item;
    if (!state) continue;
    if (entry) records.push(markJournal(journalRecord(entry, state, place.epoch.shard), place));
    else {
      const reason = `The stored state cannot be read: ${fault?.message}`;
      await setAside(deadState({ messageId, state }, reason), flow);
    }
  }
  return records;
}

/** What is stored of a message, as a dead letter of the journal. */
export function deadState(
  { messageId, state }: { messageId: string; state: Buffer },
  reason: string,
): Hopeless {
  const topic = topics.messageJournal.name;
  return { topic, key: Buffer.from(messageId), bytes: state, stage: "read", reason };
}
