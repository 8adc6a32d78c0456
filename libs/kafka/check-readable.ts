import { RetriableError } from "#libs/errors.ts";
import { toConnectFault } from "./connect-fault.ts";
import { toFault } from "./faults.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import { clusterOf, fetchOnce } from "./kafkajs/cluster.ts";
import { kafkajsClient } from "./kafkajs/kafkajs-client.ts";

const LATEST = -1;

/**
 * Asks for a record of the topic, for who reads it at another time than its start: a right that is missing is told
 * right away, not when it is needed. Throws RetriableError that says so, or while Kafka is away.
 */
export async function checkReadable(kafka: KafkaConfig, topic: string): Promise<void> {
  const cluster = clusterOf(kafkajsClient(kafka));
  try {
    await cluster.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  try {
    await cluster.addTargetTopic(topic);
    const partitions = [{ partition: 0 }];
    const asked = [{ topic, partitions, fromTimestamp: LATEST }];
    const [listed] = await cluster.fetchTopicsOffset(asked);
    const from = Number(listed?.partitions[0]?.offset ?? 0);
    await fetchOnce({ topic, partition: 0, from, bytesMax: 1 }, cluster);
  } catch (error) {
    throw isUnauthorized(error)
      ? new RetriableError(`The right to read ${topic} is missing.`, { cause: error })
      : toFault(error, `read ${topic}`);
  } finally {
    await cluster.disconnect();
  }
}

function isUnauthorized(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const type: unknown = Reflect.get(error, "type");
  return type === "TOPIC_AUTHORIZATION_FAILED" || isUnauthorized(error.cause);
}
