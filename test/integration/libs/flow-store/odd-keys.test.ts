// Fault: somebody writes something else over a shard's own keys, or a message's. Invariants: the shard is closed for
// everybody, and no record is blamed for it; the others go on; a restore brings it back.
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { accountKey, messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { emptyRedis } from "#test/support/every-node.ts";
import { AT_ANY_TIME, commitNow, openShards } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

const SHARD = 1;
const OTHER = 0;
const log = pino({ level: "silent" });
const resources = new AsyncDisposableStack();
let redis: RedisConnection;
let store: FlowStore;
let epoch: Epoch;

beforeAll(async () => {
  const { url } = resources.use(await startRedisServer());
  redis = resources.use(await connectRedis({ url, log }));
});
beforeEach(async () => {
  await emptyRedis(redis);
  store = await connectFlowStore(redis, { shardCount: 2, log });
  epoch = (await openShards(store))[SHARD]!;
  await store.commit(epoch, [opening("a")]);
});
afterAll(() => resources.disposeAsync());

function opening(messageId: string): Transition {
  const bytes = Buffer.from(messageId);
  const indexed = { accountId: "acme", at: Date.now() };
  const own = { messageId, expectedVersion: 0, state: bytes, outbox: bytes, indexed };
  return { ...own, dueAt: 1, keepMs: null, ...AT_ANY_TIME };
}

const { counter, timers, armed, outbox, lent, began, rewritten } = shardKeys(SHARD);
const odd: [string, string, () => Promise<unknown>][] = [
  ["timers", timers, () => store.commit(epoch, [opening("b")])],
  ["timers", timers, claim],
  ["armed", armed, claim],
  ["outbox", outbox, () => store.commit(epoch, [opening("b")])],
  ["outbox", outbox, () => store.ack(epoch, "1-1", [])],
  ["outbox", outbox, () => store.readOutbox(SHARD, { countMax: 1, minAgeMs: 0 })],
  ["outbox", outbox, () => store.inspect()],
  ["lent", lent, claim],
  ["counter", counter, () => store.load(SHARD, [])],
  ["counter", counter, () => store.inspect()],
  ["rewritten", rewritten, () => store.rewrittenAt(SHARD)],
];

function claim(): Promise<unknown> {
  return store.claimDue(SHARD, { callerNowMs: Date.now(), leaseMs: 5_000, lentMax: 2 });
}

async function expectClosed(key: string): Promise<void> {
  await expect(store.load(SHARD, [])).rejects.toThrow(ShardClosedError);
  expect(await redis.at("").exists(key)).toBe(0);
  expect(await redis.at("").get(shardKeys(SHARD).epoch)).toMatch(/^\S+ lost$/);
  await expect(commitNow(store, OTHER, [opening("c")])).resolves.toMatchObject({ counter: 1 });
}

describe("a shard whose own keys hold nothing of ours", () => {
  it.each(odd)("is closed: its %s (%s)", async (_name, key, call) => {
    await redis.at("").del(key);
    await redis.at("").sadd(key, "something else");
    await expect(call()).rejects.toThrow(ShardClosedError);
    await expectClosed(key);
  });

  it("is closed where its counter is gone, also for who had seen none", async () => {
    await redis.at("").del(counter);
    const fresh = await connectFlowStore(redis, { shardCount: 2, log });
    await expect(fresh.load(SHARD, ["a"])).rejects.toThrow(ShardClosedError);
    await expectClosed(counter);
  });

  it.each([
    ["words", "many"],
    ["more than is counted", "9007199254740993"],
  ])("is closed where its counter is %s", async (_name, text) => {
    await redis.at("").set(counter, text);
    await expect(store.commit(epoch, [opening("b")])).rejects.toThrow(ShardClosedError);
    await expectClosed(counter);
  });

  it("gets its timers back from the journal, those that are there as they are", async () => {
    await store.commit(epoch, [opening("b")]);
    await redis.at("").set(timers, "no timers");
    await expect(claim()).rejects.toThrow(ShardClosedError);
    await redis.at("").zadd(timers, 9, "b");
    const closed = (await store.inspect())[SHARD]!;
    const order = { epoch: "000001-00000000", counter: 1, version: 1 };
    const messages = ["a", "b"].map((messageId) => {
      return { messageId, ...order, state: Buffer.from(messageId), dueAt: 7, keepMs: null };
    });
    expect(await store.restore(closed.epoch, messages)).toBe(0);
    expect(await redis.at("").zrange(timers, "0", "-1", "WITHSCORES")).toEqual([
      "a",
      "7",
      "b",
      "9",
    ]);
  });

  it("is closed, and restored whole, where that is its epoch", async () => {
    const { epoch: key } = shardKeys(SHARD);
    await redis.at("").del(key);
    await redis.at("").sadd(key, "something else");
    await expect(store.commit(epoch, [opening("b")])).rejects.toThrow(ShardClosedError);
    expect((await store.inspect())[SHARD]).toMatchObject({ epoch: { token: "" }, isOpen: false });
    await expect(commitNow(store, OTHER, [opening("c")])).resolves.toMatchObject({ counter: 1 });
  });

  it("opens again, whatever stood where nobody looks", async () => {
    await redis.at("").set(began, "since ever");
    await store.close(epoch, "lost");
    await openShards(store);
    await expect(commitNow(store, SHARD, [opening("b")])).resolves.toMatchObject({ counter: 2 });
  });
});

describe("what is odd beside a shard's own keys", () => {
  const [state = ""] = messageKeys(SHARD, ["a"]);
  const list = accountKey(SHARD, "acme");

  it("of an account's list costs its requests nothing", async () => {
    await redis.at("").set(list, "no list");
    await expect(store.commit(epoch, [opening("b")])).resolves.toMatchObject({ counter: 2 });
    expect(await redis.at("").zrange(list, "0", "-1")).toEqual(["b"]);
  });

  it("is replaced by what a restore brings", async () => {
    await redis.at("").del(state);
    await redis.at("").sadd(state, "no state");
    await redis.at("").set(list, "no list");
    await store.close(epoch, "lost");
    const closed = (await store.inspect())[SHARD]!;
    const order = { epoch: "000001-00000000", counter: 1, version: 1 };
    const due = { dueAt: 7, keepMs: null, indexed: { accountId: "acme", at: 5 } };
    const message = { messageId: "a", ...order, state: Buffer.from("a"), ...due };
    expect(await store.restore(closed.epoch, [message])).toBe(1);
    await store.open(closed, { counter: 1, lastEpoch: order.epoch });
    expect((await store.load(SHARD, ["a"])).messages).toMatchObject([{ version: 1 }]);
    expect(await redis.at("").zrange(list, "0", "-1", "WITHSCORES")).toEqual(["a", "5"]);
  });
});
