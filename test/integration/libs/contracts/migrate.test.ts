// Needs KAFKA_BROKERS and SCHEMA_REGISTRY_URL. Its topics are the product's own, in their own sizes.
import { ConfigResourceTypes, Kafka, logLevel } from "kafkajs";
import { expect, it } from "vitest";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes, topicDefinitions } from "#libs/contracts/topics.ts";
import { followTopic } from "#test/support/follow-topic.ts";
import { produceBytes } from "#test/support/produce-bytes.ts";
import { rawBatch } from "#test/support/record-batch.ts";

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
  const configNames = ["cleanup.policy", "message.timestamp.type"];
  const journal = { type, name: "message-journal", configNames };
  const described = await admin.describeConfigs({ includeSynonyms: false, resources: [journal] });
  const values = described.resources[0]?.configEntries.map(({ configValue }) => configValue);
  expect(values).toEqual(expect.arrayContaining(["compact,delete", "LogAppendTime"]));
  await admin.disconnect();
});

it("keeps the request of a sender whose clock is years behind: its age is counted here", async () => {
  await migrate(config);
  const sentAt = Date.now();
  await using follower = await followTopic(brokers, "send-requests");
  const ofYearsAgo = rawBatch({ records: [{ key: "old", value: "" }] });
  expect(await produceBytes("send-requests", ofYearsAgo)).toBe(0);
  const { timestamp } = await follower.next(({ key }) => key === "old");
  expect(timestamp).toBeGreaterThan(sentAt - 60_000);
});

it("refuses a topic that has another number of partitions", async () => {
  const sizes = { ...defaultTopicSizes, partitionCount: 13 };
  await expect(migrate({ ...config, sizes })).rejects.toThrow("send-requests");
});
