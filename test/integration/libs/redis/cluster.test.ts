// A Redis Cluster of three nodes: who is asked for a key, and what becomes of it while its slot is on its way.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { REDIS_COMMANDS } from "#deploy/least-rights.ts";
import { dispatchKeys } from "#libs/dispatch-store/keys.ts";
import { RetriableError } from "#libs/errors.ts";
import { closedShardStore, connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { slotOf } from "#libs/redis/key-slot.ts";
import { readMarks, storesNow } from "#libs/redis/open-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { closeForLostStores } from "#services/delay-scheduler/lost-stores.ts";
import { otherStores } from "#services/delay-scheduler/other-stores.ts";
import { emptyRedis } from "#test/support/every-node.ts";
import { commitNow, openOtherStores, openShards } from "#test/support/open-shards.ts";
import { type RedisCluster, startRedisCluster } from "#test/support/redis-cluster.ts";

const SHARD = 7;
const OTHER_SHARD = 3;
const shardCount = 16;
const log = pino({ level: "silent" });
const slot = slotOf(shardKeys(SHARD).epoch);
const PATIENCE = { timeout: 30_000, interval: 50 };

const opened = new AsyncDisposableStack();
let cluster: RedisCluster;
let redis: RedisConnection;
let store: FlowStore;

beforeAll(async () => {
  cluster = opened.use(await startRedisCluster());
  redis = opened.use(await connectRedis({ url: cluster.nodes[1]!.server.url, log }));
  store = await connectFlowStore(redis, { shardCount, log });
  await openShards(store);
  await openOtherStores(redis);
});
afterAll(() => opened.disposeAsync());

const begun = (messageId: string) => ({
  messageId,
  expectedVersion: 0,
  state: Buffer.from("a state"),
  dueAt: Date.now() + 3_600_000,
  keepMs: null,
  outbox: Buffer.from("records"),
});

/** Any node but the one that has it. */
async function elsewhere(moving: number) {
  const owner = await cluster.ownerOf(moving);
  return cluster.nodes.find((node) => node !== owner)!;
}

it("knows where a key is as Redis does", async () => {
  const odd = ["", "a", "{}", "{}a", "a{b}c", "{a{b}c}", "}{", "a{", "ünï{cödé}", "ft:{07}:m:x"];
  const many = Array.from({ length: 200 }, () => `ft:${randomUUID()}`);
  for (const key of [...odd, ...many]) {
    const told = await cluster.nodes[0]!.client.cluster("KEYSLOT", key);
    expect({ key, slot: slotOf(key) }).toEqual({ key, slot: told });
  }
});

it("finds all nodes by one, and asks each for what it has", async () => {
  const keys = Array.from({ length: 100 }, (_, index) => `ft:key-${index}`);
  await Promise.all(keys.map((key) => redisReply(redis.at(key).set(key, key))));
  const sizes = await Promise.all(redis.nodes().map((node) => node.dbsize()));
  expect(sizes.length).toBe(3);
  expect(Math.min(...sizes)).toBeGreaterThan(10);
  expect(new Set(keys.map((key) => redis.server(key))).size).toBe(3);
});

it("comes to all nodes as one user, with the rights that the product asks for", async () => {
  const login = { username: "product", password: randomUUID() };
  const rights = ["on", `>${login.password}`, "~ft*", ...REDIS_COMMANDS.split(" ")];
  for (const { client } of cluster.nodes) await client.acl("SETUSER", login.username, ...rights);
  await using own = await connectRedis({ url: cluster.url, login, log });
  expect(await connectFlowStore(own, { shardCount, log })).toMatchObject({ shardCount });
  expect((await store.inspect()).every(({ isOpen }) => isOpen)).toBe(true);
  expect(own.nodes().length).toBe(3);
  for (const node of own.nodes()) await expect(node.keys("*")).rejects.toThrow(/NOPERM/);
});

it("goes on at the node that has a key by now, and says that it is another process", async () => {
  const key = "ft:{moves}:key";
  await redis.at(key).set(key, "value");
  const before = redis.server(key);
  const to = await elsewhere(slotOf(key));
  await cluster.beginMove(slotOf(key), to);
  await cluster.endMove(slotOf(key), to);
  const told = await redisReply(redis.at(key).get(key)).catch((error: unknown) => error);
  expect(told).toBeInstanceOf(RetriableError);
  const get = () => redisReply(redis.at(key).get(key)).catch(() => null);
  await expect.poll(get).toBe("value");
  expect(redis.server(key)).not.toBe(before);
});

it("tells of shards on all nodes what is due first", async () => {
  await commitNow(store, OTHER_SHARD, [{ ...begun("first"), dueAt: 1_000 }]);
  const shards = Array.from({ length: shardCount }, (_, shard) => shard);
  const first = await store.firstDue(shards);
  expect(first).toEqual(shards.map((shard) => (shard === OTHER_SHARD ? 1_000 : null)));
});

it("does nothing at all in a slot of which a part is on its way, and closes the shard once it has moved", async () => {
  await commitNow(store, SHARD, [begun("a")]);
  const { epoch } = await store.load(SHARD, []);
  const to = await elsewhere(slot);
  await cluster.beginMove(slot, to);
  const owner = await cluster.ownerOf(slot);
  const state = () => owner.client.dump(shardKeys(SHARD).timers);
  const before = await state();
  // All that it names is here still, and a part of it would end elsewhere.
  const calls = [
    () => commitNow(store, SHARD, [begun("b")]),
    () => store.claimDue(SHARD, { callerNowMs: Date.now(), leaseMs: 5_000, lentMax: 10 }),
    () => store.rearm(epoch, [{ messageId: "a", version: 1, dueAt: null }]),
    () => store.ack(epoch, "0-1", []),
    () => store.close(epoch, "lost"),
  ];
  for (const call of calls) await expect(call()).rejects.toThrow(/Redis: (ASK|TRYAGAIN)/);
  expect(await state()).toBe(before);
  await cluster.endMove(slot, to);
  await vi.waitFor(
    () => expect(store.load(SHARD, ["a"])).rejects.toThrow(ShardClosedError),
    PATIENCE,
  );
  const other = await store.load(OTHER_SHARD, []);
  expect(other.messages).toEqual([]);
  await openShards(store);
  expect((await store.load(SHARD, ["a"])).messages).toMatchObject([{ version: 1 }]);
});

it("leaves no page of a restore half written", async () => {
  const messages = ["r1", "r2", "r3"].map((messageId) => {
    const order = { epoch: "000001-00000000", counter: 9, version: 1 };
    return { messageId, ...order, state: Buffer.from("x"), dueAt: null, keepMs: null };
  });
  const { epoch } = await store.load(SHARD, []);
  await store.close(epoch, "beside");
  const closed = (await store.inspect())[SHARD]!;
  const restorer = closedShardStore(redis, { shardCount, log }, closed.epoch);
  await restorer.restore(closed.epoch, messages.slice(0, 1));
  const [first, ...rest] = messageKeys(SHARD, ["r1", "r2", "r3"]);
  const to = await elsewhere(slot);
  const from = await cluster.ownerOf(slot);
  const { timers } = shardKeys(SHARD);
  const before = await from.client.dump(timers);
  await cluster.beginMove(slot, to);
  // What the first message's state has gone to is another node by now.
  await from.client.call("MIGRATE", "127.0.0.1", to.server.port, first!, 0, 5_000);
  await expect(restorer.restore(closed.epoch, messages)).rejects.toThrow(/Redis: (ASK|TRYAGAIN)/);
  expect(await from.client.dump(timers)).toBe(before);
  await cluster.endMove(slot, to);
  expect(await to.client.exists(...rest)).toBe(0);
  const open = async () =>
    store.open((await store.inspect())[SHARD]!, { counter: 9, lastEpoch: "" });
  await vi.waitFor(open, PATIENCE);
});

it("closes all shards once for a store that another process has, and reads all of one that is empty", async () => {
  await openShards(store);
  const [key = ""] = dispatchKeys("sms");
  const stores = () => storesNow(redis, otherStores);
  const tokens = async () => (await store.inspect()).map(({ epoch }) => epoch.token);
  await closeForLostStores(redis, store, stores());
  const before = await tokens();
  expect(before.filter((token) => token.endsWith(" beside"))).toEqual([]);
  const to = await elsewhere(slotOf(key));
  await cluster.beginMove(slotOf(key), to);
  await cluster.endMove(slotOf(key), to);
  await vi.waitFor(() => expect(redisReply(redis.at(key).exists(key))).resolves.toBe(0), PATIENCE);
  await closeForLostStores(redis, store, stores());
  expect((await tokens()).every((token) => token.endsWith(" beside"))).toBe(true);
  // They were restored since, and the store is not open yet: that is no new loss.
  await openShards(store);
  await closeForLostStores(redis, store, stores());
  expect((await store.inspect()).every(({ isOpen }) => isOpen)).toBe(true);
  await openOtherStores(redis);
  expect(await readMarks(redis, stores())).toEqual(stores().map(({ server }) => server));
  await redis.at(key).del("ft:dispatch:{sms}:open");
  await closeForLostStores(redis, store, stores());
  expect((await tokens()).every((token) => token.endsWith(" lost"))).toBe(true);
});

it("closes a shard whose master was replaced by its replica, and goes on there", async () => {
  await emptyRedis(redis);
  await openShards(store);
  await commitNow(store, SHARD, [begun("kept")]);
  const master = await cluster.ownerOf(slot);
  await cluster.addReplica(master);
  await master.server.kill();
  const load = () => store.load(SHARD, ["kept"]);
  await vi.waitFor(() => expect(load()).rejects.toThrow(ShardClosedError), {
    timeout: 60_000,
    interval: 100,
  });
  await vi.waitFor(() => openShards(store), { timeout: 60_000, interval: 100 });
  expect((await load()).messages).toMatchObject([{ version: 1 }]);
});
