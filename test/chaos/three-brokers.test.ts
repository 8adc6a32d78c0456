// Fault: of three brokers one after the other is killed and comes back, while messages are under way: sends are
// taken in part, leaders and coordinators move. Invariants: guarantees 1 to 4 as the auditor finds them on the
// topics; whoever was accepted has an outcome; no process ended by itself. Three brokers are much for the machine
// of an `npm test`: there one of them dies, and each in turn in `npm run test:chaos`.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigResourceTypes } from "kafkajs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes, topicDefinitions } from "#libs/contracts/topics.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { audit } from "#test/support/audit.ts";
import { untilCaughtUp } from "#test/support/consumer-groups.ts";
import { type Brokers, startThreeBrokers } from "#test/support/crash/three-brokers.ts";
import { whereabouts } from "#test/support/crash/whereabouts.ts";
import { startLoad } from "#test/support/load.ts";
import { followOutcomes } from "#test/support/outcome-log.ts";
import { outsideClient } from "#test/support/outside-client.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { choosePlaces, type Places } from "#test/support/places.ts";
import { readLedger } from "#test/support/read-ledger.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";

const TIME_SCALE = 0.02;
const DOWN_MS = 4_000;
const OUTCOME_WITHIN_MS = 180_000;
const QUIET_WITHIN_MS = 60_000;
const within = { timeout: 30_000, interval: 100 };

const opened = new AsyncDisposableStack();
let brokers: Brokers;
let places: Places;
let product: ServiceProcess;

const SIZES = { ...defaultTopicSizes, replicationFactor: 3 };

beforeAll(async () => {
  brokers = opened.use(await startThreeBrokers());
  const infrastructure = opened.use(await startOwnInfrastructure());
  const env = { ...infrastructure.env, KAFKA_BROKERS: brokers.addresses.join(",") };
  places = await choosePlaces(TIME_SCALE, { env });
  await migrate({ brokers: brokers.addresses, registryUrl: places.registryUrl, sizes: SIZES });
  product = opened.use(await startService("all-in-one", places.env));
  await product.ready();
}, 300_000);
afterAll(() => opened.disposeAsync(), 120_000);

it("has three copies of every topic, of which two must have a record before it counts", async () => {
  const names = topicDefinitions(SIZES).map(({ name }) => name);
  const admin = outsideClient(brokers.addresses).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: ["min.insync.replicas"],
    })),
  });
  await admin.disconnect();
  const copies = topics.flatMap(({ partitions }) => partitions.map(({ replicas }) => replicas));
  expect(new Set(copies.map(({ length }) => length))).toEqual(new Set([3]));
  const needed = resources.map(({ configEntries }) => configEntries[0]?.configValue);
  expect(new Set(needed)).toEqual(new Set(["2"]));
}, 60_000);

it("sends a partition's records to its new leader, though that has answered for its own", async () => {
  const topic = `moved-${randomUUID()}`;
  const admin = outsideClient(brokers.addresses).admin();
  await admin.connect();
  const replicaAssignment = [
    { partition: 0, replicas: [1, 2] },
    { partition: 1, replicas: [2, 1] },
  ];
  await admin.createTopics({ topics: [{ topic, replicaAssignment }] });
  const log = createLog("three-brokers", "fatal");
  await using producer = await connectProducer({ brokers: brokers.addresses, log });
  const send = (text: string) =>
    producer.publish(
      [0, 1].map((partition) => {
        return { topic, key: text, value: Buffer.from(text), partition };
      }),
    );
  await send("before");
  const partitionAssignment = [{ partition: 1, replicas: [1, 3] }];
  await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
  await vi.waitFor(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const leaders = topics[0]!.partitions.map(({ leader }) => leader);
    expect(leaders).toEqual([1, 1]);
  }, within);
  // It does not know yet, and is told by the former leader.
  await send("after");
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  expect(ends.find(({ partition }) => partition === 1)).toMatchObject({ high: "2" });
}, 120_000);

it("keeps every guarantee while brokers die in turn", async () => {
  const dying = [...brokers.addresses.keys()].slice(0, process.env["CHAOS_ROUNDS"] ? undefined : 1);
  await using outcomes = await followOutcomes(places);
  const load = await startLoad(places);
  for (const place of dying) {
    await load.burst(100);
    await brokers.kill(place);
    await sleep(DOWN_MS);
    brokers.start(place);
    await brokers.ready();
  }
  const accepted = await load.stop();
  expect(accepted.length).toBeGreaterThan(0);
  for (const messageId of accepted) {
    await outcomes
      .next(messageId, { timeoutMs: OUTCOME_WITHIN_MS })
      .catch(() => tellOf(accepted.filter((each) => outcomes.of(each).length === 0)));
  }
  await untilCaughtUp(brokers.addresses);
  await vi.waitFor(async () => expect(audit(await readLedger(places))).toEqual([]), {
    timeout: QUIET_WITHIN_MS,
    interval: 2_000,
  });
  expect(product.fault()).toBeUndefined();
}, 600_000);

/** Whether it is lost, our reader of the outcomes has missed it, or nobody is there any more who would tell it. */
async function tellOf(missing: readonly string[]): Promise<never> {
  const [messageId = "none"] = missing;
  const why = [product.fault(), await product.readiness()].filter(Boolean).join("\n");
  const ledger = await readLedger(places, new Set([messageId]));
  const found = await whereabouts(messageId, ledger, places.env["REDIS_URL"]!);
  throw new Error(`No outcome was read of ${missing.length} messages, such as ${found}\n${why}`);
}
