// Sends a record batch to partition 0 of a topic as it is, byte for byte, as no client would write it.
import { brokers } from "#test/support/kafka.ts";
import { connectRawProducer } from "#test/support/raw-producer.ts";

/** Resolves with Kafka's error code; 0 once the batch is appended. The topic has one broker. */
export async function produceBytes(topic: string, batch: Buffer): Promise<number> {
  using producer = await connectRawProducer(brokers[0]!);
  return await producer.send({ topic, partition: 0 }, batch);
}
