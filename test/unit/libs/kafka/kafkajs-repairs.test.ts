// kafkajs is repaired in some places; whoever upgrades it must look at each.
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
// oxlint-disable-next-line import/no-unassigned-import -- it repairs kafkajs, once, by being loaded
import "#libs/kafka/kafkajs/kafkajs-client.ts";
import { requireInternal } from "#libs/kafka/kafkajs/kafkajs-internals.ts";
import { keyPartitioner } from "#libs/kafka/kafkajs/key-partitioner.ts";
import { onOffsetReset } from "#libs/kafka/kafkajs/offset-reset-patch.ts";
import { kafkajs } from "#libs/kafka/kafkajs/repaired-kafkajs.ts";
import { readBatches } from "#libs/kafka/read-batches.ts";
import { kafkajsOwn } from "#test/support/kafkajs-own.ts";
import { listeningPort } from "#test/support/redis-server.ts";

const require = createRequire(import.meta.url);
const RequestQueue = require("kafkajs/src/network/requestQueue");

function newQueue() {
  const logger = { debug: () => undefined, warn: () => undefined };
  return new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger });
}

it("arms no timer for an idle connection", () => {
  const arm = vi.spyOn(globalThis, "setTimeout");
  newQueue().scheduleCheckPendingRequests();
  expect(arm).not.toHaveBeenCalled();
  arm.mockRestore();
});

it("looks again for as long as a request waits for its turn", async () => {
  const queue = newQueue();
  const sent: number[] = [];
  for (const correlationId of [1, 2]) {
    const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: () => void sent.push(correlationId) });
  }
  expect(sent).toEqual([1]);
  queue.inflight.clear();
  await vi.waitFor(() => expect(sent).toEqual([1, 2]), { timeout: 30_000, interval: 5 });
});

it("sends what was throttled once the throttling is over", async () => {
  const queue = newQueue();
  const sent: number[] = [];
  queue.maybeThrottle(50);
  const entry = { correlationId: 1, resolve: () => undefined, reject: () => undefined };
  queue.push({ entry, expectResponse: true, sendRequest: () => void sent.push(Date.now()) });
  expect(sent).toEqual([]);
  const before = Date.now();
  await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 30_000, interval: 5 });
  expect(sent[0]! - before).toBeGreaterThanOrEqual(40);
});

it("takes a coordinator that no broker knows yet for something that passes", async () => {
  const { prototype } = require("kafkajs/src/cluster/index");
  const cluster = Object.assign(Object.create(prototype), {
    brokerPool: { withBroker: () => Promise.resolve(undefined) },
  });
  const found = cluster.findGroupCoordinatorMetadata({ groupId: "group", coordinatorType: 0 });
  await expect(found).rejects.toMatchObject({
    name: "KafkaJSGroupCoordinatorNotFound",
    retriable: true,
  });
});

it("asks the brokers of the configuration in turn, by whatever address they have", async () => {
  const brokers = ["kafka-1:9092", "[::1]:9093", "127.0.0.1:9094"];
  const logger = { namespace: () => logger };
  const pools = require("kafkajs/src/cluster/connectionPoolBuilder")({ brokers, logger });
  const [first, second, third, again] = [
    await pools.build(),
    await pools.build(),
    await pools.build(),
    await pools.build({}),
  ];
  expect(first).toMatchObject({ host: "kafka-1", port: 9092 });
  expect(second).toMatchObject({ host: "::1", port: 9093 });
  expect(third).toMatchObject({ host: "127.0.0.1", port: 9094 });
  expect(again).toMatchObject({ host: "kafka-1", port: 9092 });
  const named = { host: "2001:db8::1", port: 9095, rack: "a" };
  expect(await pools.build(named)).toMatchObject(named);
});

describe("brokers that take connections and say nothing", () => {
  const opened = new AsyncDisposableStack();
  afterEach(() => opened.disposeAsync());

  it("are away: others are asked, and a consumer begins anew", async () => {
    const asked: number[] = [];
    const servers = [0, 1].map((place) => createServer(() => void asked.push(place)));
    for (const server of servers) {
      server.on("connection", (socket) => opened.defer(() => void socket.destroy()));
      opened.defer(() => void server.close());
      await once(server.listen(0, "127.0.0.1"), "listening");
    }
    const kafka = new kafkajs.Kafka({
      brokers: servers.map((server) => `127.0.0.1:${listeningPort(server)}`),
      requestTimeout: 100,
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const away = { name: "KafkaJSConnectionError", message: "Connection timeout" };
    const admin = kafka.admin();
    for (const _ of servers) await expect(admin.connect()).rejects.toMatchObject(away);
    expect(asked).toEqual([0, 1]);
    const { promise: beginsAnew, resolve } = Promise.withResolvers<Error>();
    const restartOnFailure = async (error: Error) => {
      resolve(error);
      return false;
    };
    const consumer = kafka.consumer({ groupId: "group", retry: { retries: 0, restartOnFailure } });
    await consumer.run({ eachMessage: async () => undefined });
    expect(await beginsAnew).toMatchObject(away);
  });
});

it.each([
  ["go on", ["reset", "reset", "reset"]],
  ["stop", ["reset", "pause", "reset"]],
] as const)(
  "asks those of a group, and no others, where it lost its place: %s",
  async (word, done) => {
    const { prototype } = require("kafkajs/src/consumer/consumerGroup");
    const reset = { topic: "requests", partition: 3 };
    const did: string[] = [];
    const member = (groupId: string) =>
      Object.assign(Object.create(prototype), {
        groupId,
        preferredReadReplicasPerTopicPartition: {},
        logger: { error: () => undefined },
        offsetManager: { setDefaultOffset: async () => void did.push("reset") },
        pause: () => did.push("pause"),
      });
    const told: unknown[] = [];
    const listening = onOffsetReset("ours", (each) => {
      told.push(each);
      return word;
    });
    await member("others").recoverFromOffsetOutOfRange(reset);
    await member("ours").recoverFromOffsetOutOfRange(reset);
    listening[Symbol.dispose]();
    await member("ours").recoverFromOffsetOutOfRange(reset);
    expect(told).toEqual([reset]);
    expect(did).toEqual(done);
  },
);

it("refuses another version than the one that was looked at", () => {
  const packageFile = require("kafkajs/package.json");
  const { version } = packageFile;
  try {
    packageFile.version = "2.3.0";
    expect(() => requireInternal("network/requestQueue")).toThrow("for kafkajs 2.2.4, not 2.3.0");
  } finally {
    packageFile.version = version;
  }
});

it.each([
  ["is handled where the member has its partitions still", false, 1],
  [
    "is dropped where it was given others meanwhile, whose generation it had from the start",
    true,
    0,
  ],
])("what is fetched %s", async (_, isAssignedAnew, batchCount) => {
  const { prototype } = require("kafkajs/src/consumer/consumerGroup");
  const SeekOffsets = require("kafkajs/src/consumer/seekOffsets");
  const messages = [{ offset: "0", isControlRecord: false }];
  const partitions = [{ partition: 0, preferredReadReplica: -1, messages, highWatermark: "1" }];
  const member = Object.assign(Object.create(prototype), {
    generationId: 2,
    memberId: "member",
    checkForStaleAssignment: () => undefined,
    subscriptionState: {
      assigned: () => [{ topic: "requests", partitions: [0] }],
      isPaused: () => false,
    },
    filterPartitionsByNode: (_nodeId: number, all: unknown) => all,
    getActiveTopicPartitions: () => ({ requests: new Set([0]) }),
    offsetManager: {
      committedOffsets: () => ({ requests: { 0: "0" } }),
      nextOffset: () => "0",
      resolveOffsets: async () => undefined,
    },
    seekOffset: new SeekOffsets(),
    preferredReadReplicasPerTopicPartition: {},
    cluster: {
      refreshMetadataIfNecessary: async () => undefined,
      findBroker: async () => ({
        fetch: async () => {
          if (isAssignedAnew) member.offsetManager = { ...member.offsetManager };
          return { responses: [{ topicName: "requests", partitions }] };
        },
      }),
    },
  });
  expect(await member.fetch(0)).toHaveLength(batchCount);
});

it("writes records and sums by pieces of ours", async () => {
  const { RecordBatch } = requireInternal("protocol/recordBatch/v0");
  const Record = requireInternal("protocol/recordBatch/record/v0");
  const record = Record({ key: "k", value: Buffer.from("v"), headers: { a: "b", none: null } });
  expect(Object.keys(record)).toEqual(["buf", "buffer", "size"]);
  const { buffer, ...batch } = await RecordBatch({
    records: [record],
    producerId: "1",
    firstTimestamp: 1,
    maxTimestamp: 1,
  });
  expect(Object.keys(batch)).toEqual(["buf", "size"]);
  const [read] = await readBatches(buffer);
  expect(read).toMatchObject({
    key: Buffer.from("k"),
    value: Buffer.from("v"),
    headers: { a: Buffer.from("b"), none: null },
  });
});

const nothing = async () => undefined;

/** Takes what is sent to partitions 0 and 1 of any topic. */
function partsOfSender(produce: (sent: { topicData: unknown }) => Promise<object>) {
  return {
    logger: { error: () => undefined },
    cluster: {
      refreshMetadataIfNecessary: nothing,
      addMultipleTargetTopics: nothing,
      findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }],
      findLeaderForPartitions: (_: string, partitions: string[]) => ({ 1: partitions.map(Number) }),
      findBroker: async () => ({ nodeId: 1, produce }),
    },
    eosManager: {
      acquireBrokerLock: nothing,
      releaseBrokerLock: nothing,
      isTransactional: () => false,
      getProducerId: () => -1,
      getProducerEpoch: () => 0,
      getSequence: () => 0,
      updateSequence: nothing,
    },
    partitioner: keyPartitioner(),
    retrier: (send: () => unknown) => send(),
  };
}

const kafkajsWay = { reduce: () => expect.unreachable("It is how kafkajs would group them.") };

it("groups what is sent by partition, in its order, with a piece of ours", async () => {
  const produced: unknown[] = [];
  const parts = partsOfSender(async ({ topicData }) => {
    produced.push(topicData);
    return { topics: [] };
  });
  const sent = [1, 0, 1, 0].map((partition, index) => ({ partition, value: String(index) }));
  const messages = Object.assign([...sent], kafkajsWay);
  await kafkajsOwn("producer/sendMessages")(parts)({
    acks: -1,
    topicMessages: [{ topic: "t", messages }],
  });
  const partitions = [0, 1].map((partition) => {
    const ofPartition = sent.filter((each) => each.partition === partition);
    return { partition, firstSequence: 0, messages: ofPartition };
  });
  expect(produced).toEqual([[{ topic: "t", partitions }]]);
});

/** A member that has one partition, of which every fetch brings one batch. */
function memberOfOne() {
  const { prototype } = require("kafkajs/src/consumer/consumerGroup");
  const messages = [{ offset: "0", isControlRecord: false }];
  const fetched = [{ partition: 0, highWatermark: "1", abortedTransactions: [], messages }];
  const broker = { fetch: async () => ({ responses: [{ topicName: "t", partitions: fetched }] }) };
  return Object.assign(Object.create(prototype), {
    cluster: { refreshMetadataIfNecessary: async () => undefined, findBroker: async () => broker },
    subscriptionState: {
      assigned: () => [{ topic: "t", partitions: [0] }],
      isPaused: () => false,
    },
    checkForStaleAssignment: () => undefined,
    filterPartitionsByNode: (_: unknown, all: unknown) => all,
    getActiveTopicPartitions: () => ({ t: new Set([0]) }),
    seekOffsets: async () => undefined,
    seekOffset: { has: () => false },
    offsetManager: newOffsets(),
    preferredReadReplicasPerTopicPartition: {},
  });
}

const newOffsets = () => ({ committedOffsets: () => ({ t: { 0: "0" } }), nextOffset: () => "0" });

it("handles no batch that waited for a worker while its assignment ended", async () => {
  const { prototype } = require("kafkajs/src/consumer/runner");
  const consumerGroup = memberOfOne();
  const handled: unknown[] = [];
  const runner = Object.assign(Object.create(prototype), {
    running: true,
    consumerGroup,
    instrumentationEmitter: { emit: () => undefined },
    eachBatch: () => undefined,
    processEachBatch: async (batch: unknown) => void handled.push(batch),
    autoCommitOffsets: async () => undefined,
    heartbeat: async () => undefined,
  });
  const [now, waiting] = [await consumerGroup.fetch(1), await consumerGroup.fetch(1)].flat();
  await runner.handleBatch(now);
  consumerGroup.offsetManager = newOffsets();
  await runner.handleBatch(waiting);
  expect(handled).toEqual([now]);
});
