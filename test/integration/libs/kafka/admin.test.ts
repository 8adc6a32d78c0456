import { randomUUID } from "node:crypto";
import { ConfigResourceTypes } from "kafkajs";
import { expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { RetriableError } from "#libs/errors.ts";
import { createTopics, partitionCountOf } from "#libs/kafka/admin.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { brokers, rawKafka } from "#test/support/kafka.ts";

function definition(partitions: number, name = `kafka-${randomUUID()}`) {
  const config = { "retention.ms": "3600000", "cleanup.policy": "compact" };
  return { name, partitions, replicationFactor: 1, config };
}

it("creates what is missing with its partitions and configuration, and nothing twice", async () => {
  const [first, second] = [definition(3), definition(2)];
  expect(await createTopics({ brokers }, [first])).toEqual({ created: [first.name] });
  expect(await createTopics({ brokers }, [first, second])).toEqual({ created: [second.name] });
  expect(await createTopics({ brokers }, [first, second])).toEqual({ created: [] });
  const admin = rawKafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [first.name] });
  const configNames = Object.keys(first.config);
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: first.name, configNames }],
  });
  await admin.disconnect();
  expect(topics[0]!.partitions).toHaveLength(3);
  const entries = resources[0]!.configEntries.map((e) => [e.configName, e.configValue]);
  expect(Object.fromEntries(entries)).toEqual(first.config);
});

it("refuses a topic that has another number of partitions", async () => {
  const topic = definition(3);
  await createTopics({ brokers }, [topic]);
  const wrong = createTopics({ brokers }, [definition(4, topic.name)]);
  await expect(wrong).rejects.toThrow(`${topic.name}: 3, not 4`);
});

it("adds partitions where no key decides them, and takes none away", async () => {
  const topic = { ...definition(3), mayGrow: true };
  await createTopics({ brokers }, [topic]);
  await createTopics({ brokers }, [{ ...topic, partitions: 5 }]);
  await createTopics({ brokers }, [{ ...topic, partitions: 4 }]);
  const kafka = { brokers, log: createLog("kafka-test", "fatal") };
  expect(await partitionCountOf(kafka, topic.name)).toBe(5);
});

it("is settled when several processes create the same topics at once", async () => {
  const topics = [definition(2), definition(2)];
  const results = await Promise.all([1, 2, 3].map(() => createTopics({ brokers }, topics)));
  expect(results).toHaveLength(3);
});

it("fails in a way that may pass when Kafka cannot be reached", async () => {
  const nobody = [`127.0.0.1:${await freePort()}`];
  await expect(createTopics({ brokers: nobody }, [])).rejects.toThrow(RetriableError);
});
