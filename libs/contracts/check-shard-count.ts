import { ConfigError } from "#libs/config/read-env.ts";
import { partitionCountOf } from "#libs/kafka/admin.ts";
import type { KafkaConfig } from "#libs/kafka/kafka-config.ts";
import { topics } from "./topics.ts";

/**
 * Throws ConfigError where there are more shards than the journal has partitions: each writes to its own. It
 * comes before anything is written to Redis, whose first user fixes the number. Throws RetriableError.
 */
export async function checkShardCount(kafka: KafkaConfig, shardCount: number): Promise<void> {
  const { name } = topics.messageJournal;
  const partitionCount = await partitionCountOf(kafka, name);
  if (shardCount <= partitionCount) return;
  throw new ConfigError([
    `SHARD_COUNT is ${shardCount}, but ${name} has ${partitionCount} partitions; \`npm run migrate\` with the same SHARD_COUNT adds them, for a new Redis that is then restored.`,
  ]);
}
