// The producer, whichever client sends. None is "idempotent" in Kafka's sense: kafkajs loses records in that mode
// when a send fails (its issue 598), and platformatic's has lost some that it acknowledged (its issue 326).
// Ids make repeats harmless instead.
import type { KafkaConfig } from "./kafka-config.ts";
import { connectKafkajsSender } from "./kafkajs/kafkajs-sender.ts";
import type { Producer } from "./ports.ts";
import { sendQueue } from "./send-queue.ts";
import type { Sender } from "./sender.ts";

/**
 * Connects a producer. Throws RetriableError while Kafka is away, ConfigError where it refuses us.
 * Disposal sends what waits, then disconnects.
 */
export async function connectProducer(config: KafkaConfig): Promise<Producer> {
  const sender = await connectSender(config);
  const queue = sendQueue((records) => sender.send(records));
  return {
    publish: queue.add,
    async [Symbol.asyncDispose]() {
      await queue.drained();
      await sender.close();
    },
  };
}

/** Platformatic is loaded where it is chosen: it takes 0.35 s of CPU, and 58 MB. */
async function connectSender(config: KafkaConfig): Promise<Sender> {
  if (config.library !== "platformatic") return connectKafkajsSender(config);
  const { connectPlatformaticSender } = await import("./platformatic/platformatic-sender.ts");
  return connectPlatformaticSender(config);
}
