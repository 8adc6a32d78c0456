// Needs KAFKA_BROKERS and SCHEMA_REGISTRY_URL. Its topics are the product's own, in their own sizes.
import { ConfigResourceTypes, Kafka, logLevel } from "kafkajs";
import { expect, it } from "vitest";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes, topicDefinitions } from "#libs/contracts/topics.ts";

const brokers = (process.env["KAFKA_BROKERS"] ?? "").split(",");
const registryUrl = process.env["SCHEMA_REGISTRY_URL"] ?? "";
const config = { brokers, registryUrl, sizes: defaultTopicSizes };

it("creates every topic once, with its partitions and configuration", async () => {
  await migrate(config);
  expect(await migrate(config)).toEqual({ createdTopics: [] });

  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata();
  const found = topics.map(({ name, partitions }) => ({ name, partitions: partitions.length }));
  for (const { name, partitions } of topicDefinitions(defaultTopicSizes)) {
    expect(found).toContainEqual({ name, partitions });
  }
  const type = ConfigResourceTypes.TOPIC;
  const journal = { type, name: "message-journal", configNames: ["cleanup.policy"] };
  const described = await admin.describeConfigs({ includeSynonyms: false, resources: [journal] });
  expect(described.resources[0]?.configEntries[0]?.configValue).toBe("compact,delete");
  await admin.disconnect();
});

it("refuses a topic that has another number of partitions", async () => {
  const sizes = { ...defaultTopicSizes, shardCount: 17 };
  await expect(migrate({ ...config, sizes })).rejects.toThrow("message-journal");
});
