// Everything on a topic, from its beginning on, as it comes.
import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { registerZstd } from "#libs/kafka/kafkajs/zstd.ts";

registerZstd();

type ReadRecord = { key: string | null; value: Buffer; headers: Record<string, string> };
export type TopicReader = AsyncDisposable & { readonly records: readonly ReadRecord[] };

export async function readTopic(
  brokers: string[],
  topic: string,
  kafka = new Kafka({ brokers, clientId: "test", logLevel: logLevel.NOTHING }),
): Promise<TopicReader> {
  const consumer = kafka.consumer({ groupId: `read-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const records: ReadRecord[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { key, value, headers } }) => {
      const texts = Object.entries(headers ?? {}).map(([name, word]) => [name, String(word)]);
      const text = { key: key?.toString() ?? null, headers: Object.fromEntries(texts) };
      records.push({ ...text, value: value ?? Buffer.alloc(0) });
    },
  });
  return { records, [Symbol.asyncDispose]: () => consumer.disconnect() };
}
