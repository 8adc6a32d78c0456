// Fault: Redis is restarted with and without its file, emptied, replaced by its replica, or given older
// values back, under two processes. Invariants: nobody decides, acknowledges or fires anything on a shard
// that may lack writes; what was read before is refused after; the other shards go on.
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { closedShardStore, connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { createEpochGuard } from "#libs/flow-store/epoch-guard.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { AT_ANY_TIME, openShards } from "#test/support/open-shards.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";
import { startTcpProxy, type TcpProxy } from "#test/support/tcp-proxy.ts";

const SHARD_COUNT = 2;
const log = pino({ level: "silent" });
const options = { shardCount: SHARD_COUNT, log };

type Process = { redis: RedisConnection; store: FlowStore };

let opened: AsyncDisposableStack;
let server: RedisServer;
let proxy: TcpProxy;
let first: Process;
let second: Process;
let epochs: Epoch[];

async function setUp(settings: string[] = []): Promise<void> {
  opened = new AsyncDisposableStack();
  server = opened.use(await startRedisServer(settings));
  proxy = opened.use(await startTcpProxy(server.port));
  [first, second] = [await newProcess(), await newProcess()];
  epochs = await openShards(first.store);
}

async function newProcess(): Promise<Process> {
  const redis = opened.use(await connectRedis({ url: `redis://127.0.0.1:${proxy.port}`, log }));
  return { redis, store: await connectFlowStore(redis, options) };
}

beforeEach(() => setUp());
afterEach(() => opened.disposeAsync());

function begun(messageId: string, expectedVersion = 0): Transition {
  const bytes = Buffer.from(messageId);
  const life = { dueAt: 1, keepMs: null, ...AT_ANY_TIME };
  return { messageId, expectedVersion, state: bytes, outbox: bytes, ...life };
}

/** What begins a chain: it reads the epoch that the rest is bound to. */
function beginnings(store: FlowStore): (() => Promise<unknown>)[] {
  return [
    () => store.load(0, ["a"]),
    () => store.read(0, ["a"]),
    () => store.claimDue(0, { callerNowMs: Date.now(), leaseMs: 5_000, lentMax: 10 }),
    () => store.readOutbox(0, { countMax: 10, minAgeMs: 0 }),
    () => store.list("acme", { fromMs: 0, toMs: 9e12, after: null, countMax: 10 }),
  ];
}

/** What goes on with what was read in `epoch`. */
function continuations(store: FlowStore, epoch: Epoch): (() => Promise<unknown>)[] {
  return [
    () => store.commit(epoch, [begun("new")]),
    () => store.ack(epoch, "1-1", [{ messageId: "a", version: 1 }]),
    () => store.ack(epoch, "1-1", []),
    () => store.rearm(epoch, [{ messageId: "a", version: 1, dueAt: 5 }]),
    () => store.unlist(epoch, "acme", ["a"]),
    () => store.takeBack(epoch, ["a"]),
    () => store.unpublished({ epoch, counter: 0 }, ["a"]),
  ];
}

async function expectRefused(calls: (() => Promise<unknown>)[]): Promise<void> {
  const ends = await Promise.allSettled(calls.map((call) => call()));
  const met = ends.map((end) => (end.status === "rejected" ? end.reason : "went on"));
  expect(met).toEqual(calls.map(() => expect.any(ShardClosedError)));
}

async function untilAnswered({ redis }: Process): Promise<void> {
  // A way that led to the one before may break once more.
  const answered = async () => {
    redis.server("");
    await redis.at("").ping();
  };
  await vi.waitFor(answered, { timeout: 30_000 });
}

async function restart(): Promise<void> {
  await server.kill();
  await expect.poll(() => first.redis.at("").status).not.toBe("ready");
  await server.start();
  await untilAnswered(first);
  await untilAnswered(second);
}

it("refuses every call after a restart without a file, to old processes and new ones, and writes nothing", async () => {
  await first.store.commit(epochs[0]!, [begun("a")]);
  await first.store.confirm(epochs[0]!);
  await restart();
  const third = await newProcess();
  const client = first.redis.at("");
  const before = await client.dbsize();
  for (const { store } of [first, second, third]) {
    await expectRefused([...beginnings(store), ...continuations(store, epochs[0]!)]);
    await expectRefused([() => store.confirm(epochs[0]!)]);
  }
  expect(await client.dbsize()).toBe(before);
});

it("takes a Redis that was restarted with its file for one that may have lost its last second", async () => {
  await opened.disposeAsync();
  await setUp(["--appendonly", "yes", "--appendfsync", "always"]);
  await first.store.commit(epochs[0]!, [begun("a")]);
  await restart();
  for (const { store } of [first, second]) {
    await expectRefused([...beginnings(store), ...continuations(store, epochs[0]!)]);
  }
  const [before] = await second.store.inspect();
  expect(before).toMatchObject({ epoch: epochs[0], isOpen: false, counter: 1, entryCount: 1 });
  // What was restored until then may be lost in turn.
  await restart();
  await expectRefused([() => second.store.open(before!, { counter: 1, lastEpoch: "" })]);
  const [closed] = await second.store.inspect();
  const now = await second.store.open(closed!, { counter: 1, lastEpoch: "" });
  const { epoch, messages } = await first.store.load(0, ["a"]);
  expect({ epoch, messages }).toMatchObject({ epoch: now, messages: [{ version: 1 }] });
  await expectRefused(continuations(first.store, epochs[0]!));
  expect(await first.store.commit(now, [begun("a", 1)])).toMatchObject({ counter: 2 });
});

it("acknowledges nothing in a Redis that was emptied, to whoever committed and to whoever starts then", async () => {
  const { entryId } = await first.store.commit(epochs[0]!, [begun("a")]);
  await second.redis.at("").flushall();
  const third = await newProcess();
  const published = [{ messageId: "a", version: 1 }];
  await expectRefused([
    () => first.store.ack(epochs[0]!, entryId!, published),
    ...beginnings(first.store),
    ...beginnings(third.store),
  ]);
  expect(await first.redis.at("").get(shardKeys(0).counter)).toBeNull();
});

it("refuses what was read before a loss after the shard has been opened anew", async () => {
  await first.store.commit(epochs[0]!, [begun("a")]);
  const { epoch } = await first.store.load(0, ["a"]);
  await second.redis.at("").flushall();
  const now = await openShards(second.store);
  await expectRefused(continuations(first.store, epoch));
  expect(now[0]!.token).not.toBe(epoch.token);
  expect((await first.store.load(0, ["a"])).messages).toMatchObject([{ version: 0 }]);
});

it("closes a shard for everybody once anybody sees a counter go back, whoever comes first", async () => {
  const older = await dumpAll(second);
  for (const id of ["a", "b"]) await first.store.commit(epochs[0]!, [begun(id)]);
  await restoreAll(second, older);
  // It has seen less, and takes the older values for the newest.
  await second.store.commit(epochs[0]!, [begun("c")]);
  await expectRefused([() => first.store.load(0, ["a"])]);
  for (const { store } of [second, first, await newProcess()]) {
    await expectRefused([...beginnings(store), ...continuations(store, epochs[0]!)]);
  }
  expect(await first.redis.at("").get(shardKeys(0).epoch)).toMatch(/^\S+ lost$/);
  expect(await second.store.commit(epochs[1]!, [begun("d")])).toMatchObject({ counter: 1 });
});

it("knows an epoch to be over that the same process has ended, from the first call on that tells it", async () => {
  const [before] = epochs;
  await first.store.commit(before!, [begun("a")]);
  await second.redis.at("").flushall();
  const [now] = await openShards(second.store);
  await expectRefused([() => first.store.commit(before!, [begun("b")])]);
  await expectRefused([() => first.store.confirm(before!)]);
  await first.store.load(0, ["a"]);
  await expectRefused([() => first.store.confirm(before!)]);
  await expect(first.store.confirm(now!)).resolves.toBeUndefined();
});

it("asks Redis whether an epoch stands, of which it has heard so long ago that a restore may lie between", async () => {
  const [before] = epochs;
  await first.store.commit(before!, [begun("a")]);
  // Its process stands still, and the connection lives.
  await sleep(500);
  await expect(first.store.confirm(before!)).resolves.toBeUndefined();
  await second.redis.at("").flushall();
  await openShards(second.store);
  await expectRefused([() => first.store.confirm(before!)]);
});

it("says of no epoch that it stands while nobody answers", async () => {
  const [epoch] = epochs;
  await first.store.commit(epoch!, [begun("a")]);
  await server.kill();
  await sleep(500);
  const confirming = first.store.confirm(epoch!);
  await expect(confirming).rejects.toBeInstanceOf(RetriableError);
  await expect(confirming).rejects.not.toBeInstanceOf(ShardClosedError);
});

it("knows an epoch to be over in which it has seen a counter go back", async () => {
  const [epoch] = epochs;
  for (const id of ["a", "b"]) await first.store.commit(epoch!, [begun(id)]);
  await first.redis.at("").decr(shardKeys(0).counter);
  await expectRefused([() => first.store.load(0, ["a"])]);
  await expect(first.store.confirm(epoch!)).rejects.toBeInstanceOf(ShardClosedError);
});

it("knows an epoch to be over also when a reply of it is looked at after one of the next", async () => {
  const guard = createEpochGuard({ redis: first.redis, ...options });
  const [over, next] = ["000001-a", "000002-b"].map((name) => {
    return { shard: 0, token: `${name} ${first.redis.server("")}` };
  });
  const before = guard.seen(0);
  await guard.note(next!, 1, before);
  await guard.note(over!, 7, before);
  expect([over!, next!].map((epoch) => guard.isPast(epoch))).toEqual([true, false]);
});

it("closes a shard at whatever call sees a counter go back", async () => {
  const { store, redis } = first;
  const callCount = beginnings(store).length + continuations(store, epochs[0]!).length;
  for (let index = 0; index < callCount; index++) {
    await redis.at("").flushall();
    const [epoch] = await openShards(store);
    for (const id of ["a", "b"]) await store.commit(epoch!, [begun(id)]);
    await redis.at("").decr(shardKeys(0).counter);
    const calls = [...beginnings(store), ...continuations(store, epoch!)];
    await expectRefused(calls.slice(index, index + 1));
    expect(await redis.at("").get(shardKeys(0).epoch)).toMatch(/^\S+ lost$/);
  }
});

it("refuses the new master of a failover until its shards are opened", async () => {
  const replica = opened.use(
    await startRedisServer(["--replicaof", "127.0.0.1", `${server.port}`]),
  );
  const own = opened.use(await connectRedis({ url: replica.url, log }));
  await first.store.commit(epochs[0]!, [begun("a")]);
  await expect.poll(() => own.at("").get(shardKeys(0).counter)).toBe("1");
  await server.kill();
  await own.at("").replicaof("NO", "ONE");
  proxy.leadTo(replica.port);
  await untilAnswered(first);
  const calls = [...beginnings(first.store), ...continuations(first.store, epochs[0]!)];
  // The connection may still go: what is on its way then is neither refused nor done.
  await vi.waitFor(() => expectRefused(calls), { timeout: 30_000 });
  await openShards(first.store);
  expect((await second.store.load(0, ["a"])).messages).toMatchObject([{ version: 1 }]);
});

it("finds what an outbox holds also where the counter was lost, and nothing else", async () => {
  for (const id of ["a", "b"]) await first.store.commit(epochs[0]!, [begun(id)]);
  await second.redis.at("").del(shardKeys(0).counter);
  await expectRefused([() => first.store.load(0, ["a"])]);
  const [closed] = await first.store.inspect();
  const epoch = await first.store.open(closed!, { counter: 1, lastEpoch: "" });
  const { counter } = await second.store.load(0, []);
  expect(counter).toBe(2);
  const held = await second.store.unpublished({ epoch, counter }, ["a", "b", "c"]);
  expect([...held.keys()].toSorted()).toEqual(["a", "b"]);
});

it("lets one of two restorers open a shard, and refuses every call of the other then", async () => {
  await first.redis.at("").flushall();
  const [closed] = await first.store.inspect();
  const zombie = closedShardStore(second.redis, options, closed!.epoch);
  expect((await zombie.load(0, ["a"])).messages).toMatchObject([{ version: 0 }]);
  const now = await first.store.open(closed!, { counter: 7, lastEpoch: "000041-00000000" });
  expect(now.token).toMatch(/^\d{6}-[0-9a-f]{12} [0-9a-f]{40}$/);
  expect(now.token > "000041-00000000").toBe(true);
  await expectRefused([
    () => second.store.open(closed!, { counter: 0, lastEpoch: "" }),
    ...beginnings(zombie),
    ...continuations(zombie, closed!.epoch),
  ]);
  expect(await first.store.commit(now, [begun("a")])).toMatchObject({ counter: 8 });
});

async function dumpAll({ redis }: Process): Promise<Map<string, Buffer>> {
  const client = redis.at("");
  const keys = await client.keys("*");
  const values = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
  return new Map(keys.map((key, index) => [key, values[index]!]));
}

async function restoreAll({ redis }: Process, dump: Map<string, Buffer>) {
  const client = redis.at("");
  await client.flushall();
  for (const [key, value] of dump) await client.restore(key, 0, value);
}
