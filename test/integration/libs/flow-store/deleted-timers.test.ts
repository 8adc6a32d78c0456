// Fault: somebody deletes a shard's timers, all or one, in a living Redis. Invariant: whoever works on the shard first
// closes it for everybody, so that it is restored; an older version, which counts nothing, closes none.
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { type Epoch, epochName, LOST_BESIDE } from "#libs/flow-store/epoch.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { AT_ANY_TIME, openShards } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

const log = pino({ level: "silent" });
const options = { shardCount: 2, log };
const { epoch: epochKey, timers, armed, counter } = shardKeys(0);

let opened: AsyncDisposableStack;
let redis: RedisConnection;
let first: FlowStore;
let second: FlowStore;
let epochs: Epoch[];

beforeEach(async () => {
  opened = new AsyncDisposableStack();
  const { url } = opened.use(await startRedisServer());
  redis = opened.use(await connectRedis({ url, log }));
  [first, second] = [
    await connectFlowStore(redis, options),
    await connectFlowStore(redis, options),
  ];
  epochs = await openShards(first);
  for (const id of ["a", "b"]) await first.commit(epochs[0]!, [begun(id)]);
});
afterEach(() => opened.disposeAsync());

function begun(messageId: string): Transition {
  const bytes = Buffer.from(messageId);
  const life = { dueAt: 1, keepMs: null, ...AT_ANY_TIME };
  return { messageId, expectedVersion: 0, state: bytes, outbox: bytes, ...life };
}

const claim = () => second.claimDue(0, { callerNowMs: Date.now(), leaseMs: 5_000, lentMax: 10 });
const arm = () => second.commit(epochs[0]!, [begun("c")]);
const rearm = () => second.rearm(epochs[0]!, [{ messageId: "b", version: 1, dueAt: 5 }]);
const deleteAll = () => redis.at("").del(timers);
const deleteOne = () => redis.at("").zrem(timers, "a");

it.each([
  ["all, found by a claim", deleteAll, claim],
  ["all, found by a commit", deleteAll, arm],
  ["one of two, found by a claim", deleteOne, claim],
  ["one of two, found by who moves another", deleteOne, rearm],
])("close their shard for everybody: %s", async (_which, deleteThem, find) => {
  await deleteThem();
  await expect(find()).rejects.toThrow(ShardClosedError);
  expect(await redis.at("").get(epochKey)).toMatch(/^\S+ lost$/);
  await expect(first.load(0, ["a"])).rejects.toThrow(ShardClosedError);
  expect(await second.commit(epochs[1]!, [begun("d")])).toMatchObject({ counter: 1 });
});

it("are missing still where their shard is closed for something else", async () => {
  await deleteAll();
  await first.close(epochs[0]!, LOST_BESIDE);
  expect((await second.inspect())[0]).toMatchObject({ missingTimerCount: 2 });
});

it("are counted anew once the shard is opened", async () => {
  await deleteAll();
  await expect(claim()).rejects.toThrow(ShardClosedError);
  const [now] = await openShards(first);
  expect(await claim()).toMatchObject({ epoch: now!, due: [] });
  expect(await redis.at("").get(armed)).toBe(`2 0 ${epochName(now!)}`);
});

it("are counted from the first claim on, where nobody had counted them", async () => {
  await redis.at("").del(armed);
  await claim();
  await deleteAll();
  await expect(claim()).rejects.toThrow(ShardClosedError);
});

it("may be taken away by who counts nothing, an older version", async () => {
  await deleteOne();
  await redis.at("").incr(counter);
  expect((await claim()).due).toMatchObject([{ messageId: "b" }]);
  const name = epochName(epochs[0]!);
  expect(await redis.at("").get(armed)).toBe(`3 1 ${name}`);
  await arm();
  expect(await redis.at("").get(armed)).toBe(`4 2 ${name}`);
});
