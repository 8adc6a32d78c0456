// Reads what is appended to a topic from now on, with a client of its own: what is on the topic is
// what others would read, whatever our own consumer makes of it.
import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { vi } from "vitest";
import { registerZstd } from "#libs/kafka/kafkajs/zstd.ts";

registerZstd();

type FollowedRecord = {
  key: string | null;
  value: Buffer;
  headers: Readonly<Record<string, string>>;
  /** Epoch ms, as the topic has it. */
  timestamp: number;
};
export type TopicFollower = AsyncDisposable & {
  /** The first record that fits, already read or yet to come. Rejects after 15 s. */
  next(fits: (record: FollowedRecord) => boolean): Promise<FollowedRecord>;
};

const NEXT_WITHIN_MS = 15_000;
const READING_WITHIN_MS = 30_000;

export async function followTopic(brokers: string[], topic: string): Promise<TopicFollower> {
  const kafka = new Kafka({ brokers, clientId: "test", logLevel: logLevel.NOTHING });
  const ends = await endsOf(kafka, topic);
  const records: FollowedRecord[] = [];
  const waiting = new Set<() => void>();
  const consumer = kafka.consumer({ groupId: `follow-${randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers, timestamp } }) => {
      const text = Object.entries(headers ?? {}).map(([name, word]) => [name, String(word)]);
      const record = { key: key?.toString() ?? null, headers: Object.fromEntries(text) };
      const rest = { value: value ?? Buffer.alloc(0), timestamp: Number(timestamp) };
      records.push({ ...record, ...rest });
      for (const look of waiting) look();
    },
  });
  // On a broker that has had no group yet kafkajs begins anew, and takes no place to read from meanwhile.
  await vi.waitFor(
    () => {
      for (const { partition, high } of ends) consumer.seek({ topic, partition, offset: high });
    },
    { timeout: READING_WITHIN_MS, interval: 50 },
  );
  return {
    next: (fits) => firstFit(records, waiting, fits),
    [Symbol.asyncDispose]: () => consumer.disconnect(),
  };
}

async function endsOf(kafka: Kafka, topic: string) {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await admin.fetchTopicOffsets(topic);
  } finally {
    await admin.disconnect();
  }
}

function firstFit(
  records: readonly FollowedRecord[],
  waiting: Set<() => void>,
  fits: (record: FollowedRecord) => boolean,
): Promise<FollowedRecord> {
  const { promise, resolve, reject } = Promise.withResolvers<FollowedRecord>();
  const look = () => {
    const found = records.find(fits);
    if (found) resolve(found);
  };
  const timer = setTimeout(() => reject(new Error("No such record came.")), NEXT_WITHIN_MS);
  waiting.add(look);
  look();
  return promise.finally(() => {
    clearTimeout(timer);
    waiting.delete(look);
  });
}
