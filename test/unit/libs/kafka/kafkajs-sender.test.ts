// A leader that moves in the middle of a send, to a broker that has taken its own part of it: the producer is kafkajs'
// own, its brokers are the test's. test/chaos/three-brokers.test.ts has it on real ones.
import { createRequire } from "node:module";
import type { Kafka, ProducerConfig } from "kafkajs";
import { expect, it } from "vitest";
import { connectKafkajsSender } from "#libs/kafka/kafkajs/kafkajs-sender.ts";
import { tryWhole } from "#libs/kafka/kafkajs/try-whole.ts";
import { createLog } from "#libs/telemetry/log.ts";

const require = createRequire(import.meta.url);
const NOT_LEADER = 6;

type Produced = { topicData: { partitions: { partition: number; messages: Sent[] }[] }[] };
type Sent = { value: Buffer };

const nothing = async () => undefined;

/** Partition 0 is the first broker's; 1 is the second's until that is asked to take records, and the first's from then on. */
function twoBrokers() {
  const taken: Record<number, string[]> = { 0: [], 1: [] };
  let leaderOfOne = 2;
  const brokers: Record<number, object> = {
    1: {
      nodeId: 1,
      produce: async ({ topicData }: Produced) => {
        for (const { partition, messages } of topicData.flatMap((each) => each.partitions)) {
          taken[partition]?.push(...messages.map(({ value }) => String(value)));
        }
        return { topics: [] };
      },
    },
    2: {
      nodeId: 2,
      produce: async () => {
        leaderOfOne = 1;
        throw require("kafkajs/src/protocol/error").createErrorFromCode(NOT_LEADER);
      },
    },
  };
  const cluster = {
    connect: nothing,
    disconnect: nothing,
    isConnected: () => true,
    refreshMetadata: nothing,
    refreshMetadataIfNecessary: nothing,
    addMultipleTargetTopics: nothing,
    findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }],
    findLeaderForPartitions: (_: string, partitions: string[]) =>
      Object.groupBy(partitions.map(Number), (partition) => (partition === 0 ? 1 : leaderOfOne)),
    findBroker: async ({ nodeId }: { nodeId: number }) => brokers[nodeId],
  };
  return { cluster, taken };
}

function clientOf(cluster: object): () => Kafka {
  const logger: object = {
    namespace: () => logger,
    error: nothing,
    warn: nothing,
    info: nothing,
    debug: nothing,
  };
  const producer = (config: ProducerConfig) =>
    require("kafkajs/src/producer")({ ...config, cluster, logger });
  return () => Object.assign(Object.create(null), { producer });
}

it("sends what a broker refuses to its new leader, though that has answered for others", async () => {
  const { cluster, taken } = twoBrokers();
  const log = createLog("test", "fatal");
  const sender = await connectKafkajsSender({ brokers: [], log, client: clientOf(cluster) });
  const record = { topic: "t", key: "k" };
  await sender.send([
    { ...record, partition: 0, value: Buffer.from("a") },
    { ...record, partition: 1, value: Buffer.from("b") },
  ]);
  await sender.close();
  expect(taken).toEqual({ 0: ["a", "a"], 1: ["b"] });
});

it.each([
  ["KafkaJSNumberOfRetriesExceeded", 3],
  ["KafkaJSNonRetriableError", 1],
])("gives up a send that fails by %s after %i tries", async (name, tryCount) => {
  let count = 0;
  const fault = Object.assign(new Error("no"), { name });
  const sending = tryWhole(async () => {
    count++;
    throw fault;
  });
  await expect(sending).rejects.toBe(fault);
  expect(count).toBe(tryCount);
});
