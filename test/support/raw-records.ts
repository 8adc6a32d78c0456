// All records of a topic of one partition as they lie there.
import type { KafkaMessage } from "kafkajs";
import { expect, vi } from "vitest";
import { kafkajsClient } from "#libs/kafka/kafkajs/kafkajs-client.ts";
import { kafka } from "#test/support/kafka.ts";

const rawKafka = kafkajsClient(kafka);
const within = { timeout: 30_000, interval: 50 };

export async function rawRecords(topic: string): Promise<KafkaMessage[]> {
  const end = await endOf(topic);
  if (end === 0) return [];
  const consumer = rawKafka.consumer({ groupId: `read-${topic}`, maxWaitTimeInMs: 100 });
  const messages: KafkaMessage[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachBatch: async ({ batch }) => void messages.push(...batch.messages) });
    await vi.waitFor(() => expect(messages.at(-1)?.offset).toBe(`${end - 1}`), within);
    return messages;
  } finally {
    await consumer.disconnect();
  }
}

async function endOf(topic: string): Promise<number> {
  const admin = rawKafka.admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  return Number(partition!.high);
}
