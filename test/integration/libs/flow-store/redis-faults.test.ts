// Faults: Redis forgets its scripts, its data or its reply, stops answering, or goes away.
// Invariants: what was committed is in the outbox, nothing is decided on a shard that lost writes,
// every call ends in bounded time, and all goes on when Redis is back.
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { LostWritesError } from "#libs/flow-store/lost-writes.ts";
import type { FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
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
});

afterEach(async () => {
  await redis[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

it("goes on when Redis has forgotten its scripts, several calls at once", async () => {
  await redis.client.script("FLUSH");
  const shards = [0, 1, 2, 3];
  const results = await Promise.all(shards.map((shard) => store.commit(shard, [opening])));
  expect(results.map(({ counter }) => counter)).toEqual([1, 1, 1, 1]);
});

it("finds in the outbox what was committed although the reply was lost", async () => {
  proxy.behave({ dropReplies: true });
  const answered = proxy.replied(1);
  const committing = store.commit(SHARD, [opening]);
  committing.catch(() => {});
  await answered;
  proxy.cut();
  await expect(committing).rejects.toThrow(RetriableError);
  proxy.behave({ dropReplies: false });

  await untilRedisAnswers();
  const again = await store.commit(SHARD, [opening]);
  expect(again).toMatchObject({ conflicts: ["a"], entryId: null, counter: 1 });
  expect((await store.load(SHARD, ["a"])).messages).toEqual([
    { messageId: "a", version: 1, state: Buffer.from("state") },
  ]);
  const outbox = await store.readOutbox(SHARD, { countMax: 10, minAgeMs: 0 });
  expect(outbox).toMatchObject([
    { counter: 1, messages: [{ messageId: "a", version: 1, outbox: Buffer.from("command") }] },
  ]);
});

it("commits nothing when Redis never heard the call", async () => {
  proxy.behave({ dropRequests: true });
  const committing = store.commit(SHARD, [opening]);
  committing.catch(() => {});
  proxy.cut();
  await expect(committing).rejects.toThrow(RetriableError);
  proxy.behave({ dropRequests: false });
  await untilRedisAnswers();
  expect(await store.commit(SHARD, [opening])).toMatchObject({ conflicts: [], counter: 1 });
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
  await server.kill();
  await expect.poll(() => redis.client.status).not.toBe("ready");
  const startedAt = Date.now();
  await expect(store.load(SHARD, ["a"])).rejects.toThrow(RetriableError);
  await expect(store.commit(SHARD, [opening])).rejects.toThrow(RetriableError);
  expect(Date.now() - startedAt).toBeLessThan(3_000);
  await server.start();
  await untilRedisAnswers();
  expect(await store.commit(SHARD, [opening])).toMatchObject({ conflicts: [], counter: 1 });
});

it("refuses every decision on a shard whose writes Redis has lost", async () => {
  await store.commit(SHARD, [opening]);
  await server.kill();
  await server.start();
  await expect.poll(() => redis.client.status).toBe("ready");
  const claim = { callerNowMs: Date.now(), leaseMs: 5_000, lentMax: 10 };
  const calls = [
    () => store.load(SHARD, ["a"]),
    () => store.commit(SHARD, [opening]),
    () => store.claimDue(SHARD, claim),
  ];
  for (const call of calls) {
    const error = await call().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LostWritesError);
    expect(error).toMatchObject({ shard: SHARD, seenCounter: 1, storedCounter: 0 });
  }
  expect(await redis.client.dbsize()).toBe(0);
  expect(await store.commit(SHARD + 1, [opening])).toMatchObject({ counter: 1 });
});

it("refuses a commit that a full Redis cannot take, whole, and takes it when there is room", async () => {
  await redis.client.config("SET", "maxmemory", "1");
  await expect(store.commit(SHARD, [opening])).rejects.toThrow(RetriableError);
  await redis.client.config("SET", "maxmemory", "0");
  expect(await store.commit(SHARD, [opening])).toMatchObject({ conflicts: [], counter: 1 });
});

it("keeps replies in order on a slow network", async () => {
  proxy.behave({ latencyMs: 200 });
  const shards = Array.from({ length: 16 }, (_, shard) => shard);
  const startedAt = Date.now();
  const results = await Promise.all(shards.map((shard) => store.commit(shard, [opening])));
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
