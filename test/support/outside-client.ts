// Kafka as others see it: kafkajs itself, without our consumer and producer around it. Only the
// codecs and the repair of the client are ours, because kafkajs cannot read zstd by itself.
import type { Kafka } from "kafkajs";
import { kafkajsClient } from "#libs/kafka/kafkajs/kafkajs-client.ts";
import { createLog } from "#libs/telemetry/log.ts";

export function outsideClient(brokers: readonly string[]): Kafka {
  return kafkajsClient({ brokers, log: createLog("outside", "fatal") });
}
