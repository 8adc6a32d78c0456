// Faults: Redis forgets its scripts, its data or its reply, stops answering, or goes away.
// Invariants: what was committed is in the outbox, nothing is decided on a shard that lost writes,
// every call ends in bounded time, and all goes on when Redis is back.
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import type { FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { AT_ANY_TIME, commitNow, openShards } from "#test/support/open-shards.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";
import { startTcpProxy, type TcpProxy } from "#test/support/tcp-proxy.ts";

const SHARD = 2;
const log = pino({ level: "silent" });
const opening: Transition = {
  messageId: "a",
  expectedVersion: 0,
  state: Buffer.from("state"),
  dueAt: 1_000,
  keepMs: null,
  outbox: Buffer.from("command"),
  ...AT_ANY_TIME,
};

let server: RedisServer;
let proxy: TcpProxy;
let redis: RedisConnection;
let store: FlowStore;

beforeEach(async () => {
  server = await startRedisServer();
  proxy = await startTcpProxy(server.port);
  redis = await connectRedis({ url: `redis://127.0.0.1:${proxy.port}`, log });
  store = await connectFlowStore(redis, { shardCount: 16, log });
  await openShards(store);
});

afterEach(async () => {
  await redis[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

it("goes on when Redis has forgotten its scripts, several calls at once", async () => {
  await redis.at("").script("FLUSH");
  const shards = [0, 1, 2, 3];
  const results = await Promise.all(shards.map((shard) => commitNow(store, shard, [opening])));
  expect(results.map(({ counter }) => counter)).toEqual([1, 1, 1, 1]);
});

it("finds in the outbox what was committed although the reply was lost", async () => {
  const { epoch } = await store.load(SHARD, []);
  proxy.behave({ dropReplies: true });
  const answered = proxy.replied(1);
  const committing = store.commit(epoch, [opening]);
  committing.catch(() => {});
  await answered;
  proxy.cut();
  await expect(committing).rejects.toThrow(RetriableError);
  proxy.behave({ dropReplies: false });

  await untilRedisAnswers();
  const again = await commitNow(store, SHARD, [opening]);
  expect(again).toMatchObject({ conflicts: ["a"], entryId: null, counter: 1 });
  expect((await store.load(SHARD, ["a"])).messages).toEqual([
    { messageId: "a", version: 1, state: Buffer.from("state") },
  ]);
  const { entries } = await store.readOutbox(SHARD, { countMax: 10, minAgeMs: 0 });
  expect(entries).toMatchObject([
    { counter: 1, messages: [{ messageId: "a", version: 1, outbox: Buffer.from("command") }] },
  ]);
});

it("commits nothing when Redis never heard the call", async () => {
  const { epoch } = await store.load(SHARD, []);
  proxy.behave({ dropRequests: true });
  const committing = store.commit(epoch, [opening]);
  committing.catch(() => {});
  proxy.cut();
  await expect(committing).rejects.toThrow(RetriableError);
  proxy.behave({ dropRequests: false });
  await untilRedisAnswers();
  expect(await commitNow(store, SHARD, [opening])).toMatchObject({ conflicts: [], counter: 1 });
});

it("fails within the time limit when Redis falls silent, and goes on when it speaks again", async () => {
  proxy.behave({ dropReplies: true });
  const startedAt = Date.now();
  await expect(store.load(SHARD, ["a"])).rejects.toThrow(RetriableError);
  expect(Date.now() - startedAt).toBeLessThan(10_000);
  proxy.behave({ dropReplies: false });
  await untilRedisAnswers();
});

it("fails at once while Redis is down, and goes on without a restart when it is back", async () => {
  const { epoch } = await store.load(SHARD, []);
  await server.kill();
  await expect.poll(() => redis.at("").status).not.toBe("ready");
  const startedAt = Date.now();
  await expect(store.load(SHARD, ["a"])).rejects.toThrow(RetriableError);
  await expect(store.commit(epoch, [opening])).rejects.toThrow(RetriableError);
  expect(Date.now() - startedAt).toBeLessThan(3_000);
  await server.start();
  await expect
    .poll(() =>
      openShards(store).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  expect(await commitNow(store, SHARD, [opening])).toMatchObject({ conflicts: [], counter: 1 });
});

it("refuses a commit that a full Redis cannot take, whole, and takes it when there is room", async () => {
  const { epoch } = await store.load(SHARD, []);
  await redis.at("").config("SET", "maxmemory", "1");
  await expect(store.commit(epoch, [opening])).rejects.toThrow(RetriableError);
  await redis.at("").config("SET", "maxmemory", "0");
  expect(await commitNow(store, SHARD, [opening])).toMatchObject({ conflicts: [], counter: 1 });
});

it("keeps replies in order on a slow network", async () => {
  proxy.behave({ latencyMs: 200 });
  const shards = Array.from({ length: 16 }, (_, shard) => shard);
  const startedAt = Date.now();
  const results = await Promise.all(shards.map((shard) => commitNow(store, shard, [opening])));
  expect(results.every(({ counter }) => counter === 1)).toBe(true);
  // All shards share one round trip, which is 0.4 s here; one after the other they take 6.4 s.
  expect(Date.now() - startedAt).toBeLessThan(3_000);
});

function untilRedisAnswers(): Promise<void> {
  return expect
    .poll(
      () =>
        store.load(SHARD, []).then(
          () => true,
          () => false,
        ),
      { timeout: 30_000 },
    )
    .toBe(true);
}
