// Fault: Redis is emptied under dispatchers, reports and notifications, or restarts. Invariant: nothing is
// claimed, parked or queued in it until it is opened; a link, which a restore brings back, may be written.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { dispatchLanes } from "#libs/dispatch-store/lanes.ts";
import { RetriableError } from "#libs/errors.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { storesNow } from "#libs/redis/open-script.ts";
import { connectWebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import { closeForLostStores } from "#services/delay-scheduler/lost-stores.ts";
import { otherStores } from "#services/delay-scheduler/other-stores.ts";
import { openOtherStores, openShards } from "#test/support/open-shards.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

const log = pino({ level: "silent" });
const opened = new AsyncDisposableStack();
let server: RedisServer;
let redis: RedisConnection;

beforeAll(async () => {
  server = opened.use(await startRedisServer());
  redis = opened.use(await connectRedis({ url: server.url, log }));
});
afterAll(() => opened.disposeAsync());

async function everyStore(): Promise<(() => Promise<unknown>)[]> {
  const rest = { owner: randomUUID(), leaseMs: 5_000, ratePerSecond: 100 };
  const lanes = dispatchLanes(redis, { channel: "sms", ...rest });
  const providerIds = await connectProviderIds({ redis });
  const queue = await connectWebhookQueue(redis);
  const lane = { accountId: "demo", name: "demo" };
  const command = Buffer.from("x");
  const arrival = { commandId: "c", lane, command, traceparent: undefined };
  const report = { provider: "p", providerMessageId: "1", reportId: "r", bytes: command };
  const uncalled = { delayMs: 0, because: "held", isUncalled: true, isAnswerLost: false } as const;
  return [
    () => lanes.takeIn([arrival]),
    () => lanes.take({ placeCount: 1, held: { accounts: {}, lanes: {} }, done: [] }),
    () => lanes.beginCall("c", { candidates: [], leftMs: 1_000 }),
    () => lanes.saveAnswer("c", { report: null, isUncalled: true }),
    () => lanes.putOff("c", uncalled),
    () => lanes.forget("c"),
    () => providerIds.joinAll([report]),
    () => providerIds.findWaiting([report]),
    () => queue.claimDue(0, { leaseMs: 1_000, flightMax: 1, roomOf: () => 1 }),
  ];
}

async function expectRefused(): Promise<void> {
  const keyCount = await redis.at("").dbsize();
  const calls = await everyStore();
  const ends = await Promise.allSettled(calls.map((call) => call()));
  const met = ends.map((end) => (end.status === "rejected" ? end.reason : "went on"));
  expect(met).toEqual(calls.map(() => expect.any(RetriableError)));
  expect(await redis.at("").dbsize()).toBe(keyCount);
}

async function expectTaken(): Promise<void> {
  await Promise.all((await everyStore()).map((call) => call()));
}

it("refuses every store's scripts on a Redis that was never opened, and after it was emptied", async () => {
  await expectRefused();
  await openOtherStores(redis);
  await expectTaken();
  await redis.at("").flushall();
  await expectRefused();
  expect(await redis.at("").dbsize()).toBe(0);
});

it("refuses them after a restart, until somebody opens the stores on the new process", async () => {
  await openOtherStores(redis);
  await server.kill();
  await expect.poll(() => redis.at("").status).not.toBe("ready");
  await server.start();
  await vi.waitFor(() => redis.server(""), { timeout: 30_000 });
  await expectRefused();
  await openOtherStores(redis);
  await expectTaken();
});

it("are restored with the shards where somebody deletes a store's keys, and its mark with them", async () => {
  const store = await connectFlowStore(redis, { shardCount: 2, log });
  const close = () => closeForLostStores(redis, store, storesNow(redis, otherStores));
  const tokens = async () => (await store.inspect()).map(({ epoch }) => epoch.token);
  const epochs = await openShards(store);
  await openOtherStores(redis);
  await close();
  expect(await tokens()).toEqual(epochs.map(({ token }) => token));
  await redis.at("").del("ft:dispatch:{sms}:open");
  await close();
  expect(await tokens()).toEqual(epochs.map(({ token }) => token.replace(/ .*/, " lost")));
  // They were restored since, and the store is not open yet: that is no new loss.
  const restored = await openShards(store);
  await close();
  expect(await tokens()).toEqual(restored.map(({ token }) => token));
  await openOtherStores(redis);
  await expectTaken();
});
