// Topics of one's own on the real broker, and a look at what was committed.
import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { createLog } from "#libs/telemetry/log.ts";

export const brokers = process.env["KAFKA_BROKERS"]!.split(",");
export const kafka = { brokers, log: createLog("kafka-test", "fatal") };
export const rawKafka = new Kafka({ brokers, clientId: "test", logLevel: logLevel.NOTHING });

/** Creates a topic with a random name, and its dead-letter topic. */
export async function newTopic(
  partitions = 1,
  config: Readonly<Record<string, string>> = {},
): Promise<string> {
  const name = `kafka-${randomUUID()}`;
  await createTopics({ brokers }, [
    { name, partitions, replicationFactor: 1, config },
    { name: deadLetterTopic(name), partitions: 1, replicationFactor: 1, config: {} },
  ]);
  return name;
}

/** The committed offsets by partition; -1 where nothing is committed. */
export async function committedOffsets(groupId: string, topic: string): Promise<number[]> {
  const admin = rawKafka.admin();
  await admin.connect();
  try {
    const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const sorted = offsets!.partitions.toSorted((a, b) => a.partition - b.partition);
    return sorted.map(({ offset }) => Number(offset));
  } finally {
    await admin.disconnect();
  }
}

/** Texts `from`, `from + 1`, ... as records of one key. */
export function texts(topic: string, count: number, { from = 0, key = "k" } = {}) {
  return Array.from({ length: count }, (_, index) => {
    return { topic, key, value: Buffer.from(String(from + index)) };
  });
}
