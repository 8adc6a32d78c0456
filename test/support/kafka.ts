// Topics of one's own on the real broker, and a look at what was committed. With `UNDER_TEST=memory` the
// same suites try the broker that the simulation has in memory: see vitest.config.ts.
import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { MemoryBroker } from "#test/support/simulation/kafka/memory-broker.ts";
import { realClock } from "#test/support/simulation/kafka/memory-group.ts";
import { memoryKafka } from "#test/support/simulation/kafka/memory-kafka.ts";

/** Nobody writes transactions or compressed batches to that one. */
export const isInMemory = process.env["UNDER_TEST"] === "memory";
const broker = new MemoryBroker(realClock);
const log = createLog("kafka-test", "fatal");
/** Batches as large as a real broker's. */
const inMemory = () => memoryKafka(broker, { fetchCountMax: 10_000 });

export const brokers = isInMemory ? [] : process.env["KAFKA_BROKERS"]!.split(",");
export const kafka = isInMemory ? { brokers, log, client: inMemory } : { brokers, log };
export const rawKafka = isInMemory
  ? inMemory()
  : new Kafka({ brokers, clientId: "test", logLevel: logLevel.NOTHING });

/** Creates a topic with a random name, and its dead-letter topic. */
export async function newTopic(
  partitions = 1,
  config: Readonly<Record<string, string>> = {},
): Promise<string> {
  const name = `kafka-${randomUUID()}`;
  if (isInMemory) {
    broker.create(name, partitions);
    broker.create(deadLetterTopic(name), 1);
    return name;
  }
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

/** As the broker calls it, such as `Stable`. */
export async function groupState(groupId: string): Promise<string | undefined> {
  const admin = rawKafka.admin();
  await admin.connect();
  try {
    return (await admin.describeGroups([groupId])).groups[0]?.state;
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
