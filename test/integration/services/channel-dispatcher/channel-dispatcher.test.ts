// The dispatcher on real Kafka, registry and Redis, against a real HTTP carrier.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import type { DispatchCommand, StatusReport } from "#libs/contracts/generated/types.ts";
import { type Contracts, connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";
import { carrierSimulator } from "#services/carrier-simulator/service.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { type DispatcherSetup, startDispatcher } from "#test/support/dispatcher-process.ts";
import { cancel, entryAfter, sent, threeSteps } from "#test/support/journal-entry.ts";
import { commitNow, openOtherStores, openShards } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { sentCalls } from "#test/support/sent-calls.ts";
import { receiptSecret } from "#test/support/signed-receipts.ts";
import { readTopic, type TopicReader } from "#test/support/topic-reader.ts";

const brokers = process.env["KAFKA_BROKERS"]!.split(",");
const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
const log = createLog("channel-dispatcher", "error");
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

const opened = new AsyncDisposableStack();
const started: AsyncDisposableStack[] = [];
let contracts: Contracts;
let producer: Producer;
let store: FlowStore;
let carrierUrl: string;
let setup: DispatcherSetup;
let reader: TopicReader;

beforeAll(async () => {
  await registerSchemas({ registryUrl });
  contracts = await connectContracts({ registryUrl });
  producer = opened.use(await connectProducer({ brokers, log }));
  const server = opened.use(await startRedisServer());
  const redis = opened.use(await connectRedis({ url: server.url, log }));
  await openOtherStores(redis);
  store = await connectFlowStore(redis, { shardCount: 16, log });
  await openShards(store);
  const port = await freePort();
  const receiptUrl = `http://127.0.0.1:${await freePort()}`;
  const simulated = { host: "127.0.0.1", port, receiptUrl, receiptSecret, timeScale: 0.05 };
  const silent = createLog("carrier-simulator", "fatal");
  opened.use(await carrierSimulator.start(simulated, { log: silent, onFatal: () => undefined }));
  carrierUrl = `http://127.0.0.1:${port}`;
  const config = {
    kafka: { brokers },
    registryUrl,
    redisUrl: server.url,
    shardCount: 16,
    timeScale: 0.05,
    channels: ["whatsapp" as const],
    carrierUrl,
    carrierTimeoutMs: 10_000,
    callsInFlightMax: 64,
    ratePerSecond: 1_000,
    secretsKeys: [Buffer.alloc(32, 7)] satisfies SecretsKeys,
    outward: { allowPrivate: true, ownPorts: new Set<number>() },
  };
  setup = {
    config,
    place: { channel: "whatsapp", groupId: "", commandTopic: "", reportTopic: "" },
  };
});

beforeEach(async () => {
  const id = randomUUID().slice(0, 8);
  const [commandTopic, reportTopic] = [`dispatch-${id}`, `status-reports-${id}`];
  setup.place = { ...setup.place, groupId: `dispatcher-${id}`, commandTopic, reportTopic };
  const topics = [commandTopic, reportTopic].map((name) => ({ name, partitions: 2 }));
  const plain = { replicationFactor: 1, config: {} };
  await createTopics(
    { brokers },
    topics.map((topic) => ({ ...topic, ...plain })),
  );
  reader = opened.use(await readTopic(brokers, reportTopic));
});

afterEach(async () => {
  for (const dispatcher of started.splice(0)) await dispatcher.disposeAsync();
});
afterAll(() => opened.disposeAsync());

async function run(given = setup): Promise<AsyncDisposableStack> {
  const dispatcher = await startDispatcher(given);
  started.push(dispatcher);
  return dispatcher;
}

function publish(...commands: DispatchCommand[]) {
  const records = commands.map((command) => ({
    topic: setup.place.commandTopic,
    key: command.messageId,
    value: contracts.dispatchCommand.encode(command),
    headers: { traceparent },
  }));
  return producer.publish(records);
}

function reports(): StatusReport[] {
  return reader.records.map(({ value }) => decodeOwn("status-report", value));
}

/** The status reports' words by message, as soon as there are `count` reports. */
async function untilReports(count: number, withinMs = 60_000): Promise<StatusReport[]> {
  await vi.waitFor(() => expect(reports().length).toBeGreaterThanOrEqual(count), {
    timeout: withinMs,
    interval: 50,
  });
  return reports();
}

async function callsFor(messageIds: readonly string[]) {
  const all = await sentCalls(carrierUrl);
  return all.filter(({ commandId }) => messageIds.includes(commandId.split(":")[0]!));
}

it("calls for each command once, over a redelivery of the whole topic too", async () => {
  const commands = Array.from({ length: 300 }, (_, index) =>
    commandFor({ channel: "whatsapp", recipient: `+65${10_000 + index}000` }),
  );
  const ids = commands.map(({ messageId }) => messageId);
  const first = await run();
  await publish(...commands);
  const accepted = await untilReports(300);
  expect(accepted.filter(({ status }) => status !== "ACCEPTED")).toEqual([]);
  expect(reader.records[0]).toMatchObject({ headers: { traceparent } });
  await first.disposeAsync();
  // Another group has no offsets: it gets every command again.
  const again = { ...setup, place: { ...setup.place, groupId: `${setup.place.groupId}-again` } };
  await run(again);
  const all = await untilReports(600);
  expect(new Set(all.map(({ reportId }) => reportId)).size).toBe(300);
  expect(new Set(all.map(({ providerMessageId }) => providerMessageId)).size).toBe(300);
  expect(await callsFor(ids)).toHaveLength(300);
}, 60_000);

it("drops the command of a message that was canceled, as its state in Redis says", async () => {
  const stale = commandFor({ channel: "whatsapp", recipient: "+6511112000" });
  const running = commandFor({ channel: "whatsapp", recipient: "+6511113000" });
  await keepState(stale.messageId, [sent(threeSteps), cancel(10)]);
  await keepState(running.messageId, [sent(threeSteps)]);
  await run();
  await publish(stale, running);
  const words = (await untilReports(2)).map(({ messageId, status }) => [messageId, status]);
  expect(Object.fromEntries(words)).toEqual({
    [stale.messageId]: "EXPIRED",
    [running.messageId]: "ACCEPTED",
  });
  expect(await callsFor([stale.messageId])).toEqual([]);
});

async function keepState(messageId: string, inputs: Parameters<typeof entryAfter>[0]) {
  const state = contracts.journalEntry.encode(entryAfter(inputs, { messageId, accountId: "demo" }));
  const life = { expectedVersion: 0, dueAt: null, keepMs: 60_000, outbox: Buffer.alloc(0) };
  await commitNow(store, store.shardOf(messageId), [{ messageId, state, ...life }]);
}

it("tells a lost answer apart from a refusal and a temporary one", async () => {
  const last = { channel: "whatsapp", onUnknown: "REPEAT" } as const;
  const refused = commandFor({ channel: "whatsapp", recipient: "+6511114300" });
  const later = commandFor({ channel: "whatsapp", recipient: "+6511114800" });
  const covered = commandFor({ channel: "whatsapp", recipient: "+6511114900" });
  const repeated = commandFor({ ...last, recipient: "+6511115900" });
  await run();
  await publish(refused, later, covered, repeated);
  const ids = (await untilReports(5)).map(({ reportId }) => reportId);
  expect(ids.toSorted()).toEqual(
    [
      `${refused.commandId}:rejected`,
      `${later.commandId}:accepted`,
      `${covered.commandId}:answer-lost`,
      `${repeated.commandId}:answer-lost-repeated`,
      `${repeated.commandId}:accepted`,
    ].toSorted(),
  );
  expect(await callsFor([later.messageId])).toHaveLength(3);
  expect(await callsFor([covered.messageId])).toHaveLength(1);
  expect(await callsFor([repeated.messageId])).toHaveLength(2);
});

it("takes a call whose dispatcher was killed for a lost answer", async () => {
  const calls: string[] = [];
  const carrier = createServer((request, response) => {
    calls.push(request.url ?? "");
    // Only the first caller, who is to die, waits for ever.
    if (calls.length > 1) response.end(JSON.stringify({ providerMessageId: "second" }));
  });
  const port = await freePort();
  await once(carrier.listen(port, "127.0.0.1"), "listening");
  const config = { ...setup.config, carrierUrl: `http://127.0.0.1:${port}` };
  const program = fileURLToPath(import.meta.resolve("#test/support/dispatcher-process.ts"));
  const argument = JSON.stringify({ ...setup, config: { ...config, carrierTimeoutMs: 5_000 } });
  const child = spawn(process.execPath, [program, argument], { stdio: "inherit" });
  const killed = new AsyncDisposableStack();
  killed.defer(() => void child.kill("SIGKILL"));
  started.push(killed);
  const command = commandFor({
    channel: "whatsapp",
    recipient: "+6511116000",
    onUnknown: "REPEAT",
  });
  await publish(command);
  await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 40_000 });
  child.kill("SIGKILL");
  await once(child, "exit");
  await run({ ...setup, config });
  // Kafka gives the partition away once the dead member's session has ended, after 10 s.
  const ids = (await untilReports(2, 40_000)).map(({ reportId }) => reportId);
  expect(ids).toEqual([
    `${command.commandId}:answer-lost-repeated`,
    `${command.commandId}:accepted`,
  ]);
  expect(calls).toHaveLength(2);
  carrier.closeAllConnections();
  carrier.close();
}, 90_000);

it("stops while calls are in flight, reports them, and leaves the others to the next", async () => {
  const commands = Array.from({ length: 200 }, (_, index) =>
    commandFor({ channel: "whatsapp", recipient: `+65${20_000 + index}000` }),
  );
  const slow = { ...setup, config: { ...setup.config, ratePerSecond: 50 } };
  const first = await run(slow);
  await publish(...commands);
  await untilReports(20);
  const stopsAt = performance.now();
  await first.disposeAsync();
  expect(performance.now() - stopsAt).toBeLessThan(10_000);
  await run();
  // What was in flight may be reported twice, so reports are counted by their ids.
  await vi.waitFor(
    () => expect(new Set(reports().map(({ reportId }) => reportId)).size).toBe(200),
    { timeout: 30_000, interval: 50 },
  );
  expect(await callsFor(commands.map(({ messageId }) => messageId))).toHaveLength(200);
}, 60_000);
