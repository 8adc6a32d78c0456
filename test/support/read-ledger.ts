// Reads whole topics for the auditor: every record that lies there, as an outsider gets it.
import { randomUUID } from "node:crypto";
import type { Kafka } from "kafkajs";
import { type Codec, readEach, valueOf } from "#libs/contracts/codec.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { channels, dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import { registerZstd } from "#libs/kafka/kafkajs/zstd.ts";
import type { Ledger, Recorded } from "#test/support/audit.ts";
import { outsideClient } from "#test/support/outside-client.ts";

registerZstd();

type Place = { brokers: string[]; registryUrl: string };
type RawRecord = { topic: string; partition: number; key: string; bytes: Buffer; epoch: string };

const READ_WITHIN_MS = 60_000;

const TOLD = [
  topics.sendRequests.name,
  topics.statusReports.name,
  topics.timerTicks.name,
  topics.messageOutcomes.name,
  topics.messageJournal.name,
  ...channels.map(dispatchTopic),
];

/** The end of each partition by now, to read on from there. */
export async function topicEnds(brokers: string[]): Promise<ReadonlyMap<string, string>> {
  const ends = await endsOf(outsideClient(brokers), TOLD);
  return new Map([...ends].map(([place, end]) => [place, String(end)]));
}

/**
 * Everything that lies on the topics at the call, or what has the key of some messages: the topics of
 * a shared broker hold what other files put there, and nobody can read all of it. `since`: what lay there
 * by then is left out.
 */
export async function readLedger(
  place: Place,
  messageIds?: ReadonlySet<string>,
  since: ReadonlyMap<string, string> = new Map(),
): Promise<Ledger> {
  const { brokers, registryUrl } = place;
  const contracts = await connectContracts({ registryUrl });
  const all = await readTopics(brokers, since);
  const records = messageIds ? all.filter(({ key }) => messageIds.has(key)) : all;
  const of = (...names: string[]) => records.filter(({ topic }) => names.includes(topic));
  return {
    requests: await decoded(of(topics.sendRequests.name), contracts.sendRequest),
    reports: await decoded(of(topics.statusReports.name), contracts.statusReport),
    ticks: await decoded(of(topics.timerTicks.name), contracts.timerTick),
    commands: await decoded(of(...channels.map(dispatchTopic)), contracts.dispatchCommand),
    outcomes: await decoded(of(topics.messageOutcomes.name), contracts.messageOutcome),
    journal: await decoded(of(topics.messageJournal.name), contracts.journalEntry),
  };
}

async function decoded<T, Given>(
  records: readonly RawRecord[],
  codec: Codec<T, Given>,
): Promise<Recorded<T>[]> {
  const reads = await readEach(records, ({ bytes }) => bytes, codec);
  return reads.map(({ item: { key, partition, bytes, epoch }, read }) => {
    return { key, partition, bytes, epoch, value: valueOf(read!) };
  });
}

async function readTopics(
  brokers: string[],
  since: ReadonlyMap<string, string>,
): Promise<RawRecord[]> {
  const kafka = outsideClient(brokers);
  const unread = await endsOf(kafka, TOLD);
  for (const [place, end] of unread) if (String(end) === since.get(place)) unread.delete(place);
  if (unread.size === 0) return [];
  const consumer = kafka.consumer({ groupId: `auditor-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const records: RawRecord[] = [];
  const { promise: isRead, resolve } = Promise.withResolvers<void>();
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: TOLD, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const { topic, partition } = batch;
        for (const { key, value, headers } of batch.messages) {
          const epoch = String(headers?.[headerNames.epoch] ?? "");
          const bytes = value ?? Buffer.alloc(0);
          records.push({ topic, partition, key: String(key), bytes, epoch });
        }
        const place = `${topic} ${partition}`;
        const end = unread.get(place);
        if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) unread.delete(place);
        if (unread.size === 0) resolve();
      },
    });
    for (const [place, offset] of since) {
      const [topic = "", partition] = place.split(" ");
      consumer.seek({ topic, partition: Number(partition), offset });
    }
    await Promise.race([isRead, late()]);
  } finally {
    await consumer.disconnect();
  }
  return records;
}

/** The end of each partition that holds anything. */
async function endsOf(kafka: Kafka, names: string[]): Promise<Map<string, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = new Map<string, bigint>();
    for (const topic of names) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        if (BigInt(high) > BigInt(low)) ends.set(`${topic} ${partition}`, BigInt(high));
      }
    }
    return ends;
  } finally {
    await admin.disconnect();
  }
}

function late(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(new Error(`The topics are not read within ${READ_WITHIN_MS} ms.`));
    setTimeout(fail, READ_WITHIN_MS).unref();
  });
}
