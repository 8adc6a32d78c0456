// Creates the topics and registers the schemas: `npm run migrate`, before services start. Reads
// where Kafka and the registry are, and how the deployment splits and copies its topics.
import { readKafka, readRegistry } from "#libs/config/connections.ts";
import { ConfigError, type EnvReader, readEnv } from "#libs/config/read-env.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import { readShardCount } from "#libs/message-flow/flow-config.ts";

try {
  const { createdTopics } = await migrate(readEnv(process.env, readConfig));
  console.log(`Topics created: ${createdTopics.join(", ") || "none, all were there"}.`);
  console.log("The schemas of all topics are registered.");
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof RetriableError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function readConfig(read: EnvReader) {
  const { partitionCount, replicationFactor } = defaultTopicSizes;
  return {
    ...readKafka(read),
    ...readRegistry(read),
    sizes: {
      partitionCount: read.integer("TOPIC_PARTITIONS", {
        default: partitionCount,
        min: 1,
        max: 1_000,
      }),
      shardCount: readShardCount(read),
      replicationFactor: read.integer("REPLICATION_FACTOR", {
        default: replicationFactor,
        min: 1,
        max: 9,
      }),
    },
  };
}
