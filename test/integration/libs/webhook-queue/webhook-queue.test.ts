// The queue itself on a real Redis: order, leases and room, without any endpoint.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { RetriableError, WaitsAloneError } from "#libs/errors.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import {
  callbackLane,
  deadLettersKey,
  dueKey,
  hookLane,
  type Lane,
  queueKey,
  shardOfAccount,
} from "#libs/webhook-queue/keys.ts";
import { replay, replayAll } from "#libs/webhook-queue/replay.ts";
import {
  type ClaimLimits,
  connectWebhookQueue,
  type WebhookQueue,
} from "#libs/webhook-queue/webhook-queue.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { startTestRedis } from "#test/support/test-redis.ts";

const log = createLog("webhook-queue", "fatal");
const opened = new AsyncDisposableStack();
const limits: ClaimLimits = { leaseMs: 60_000, flightMax: 8, roomOf: () => 100 };
const done = { delayMs: null, fault: null };
let connection: RedisConnection;
let queue: WebhookQueue;

beforeAll(async () => {
  connection = opened.use(await startTestRedis(log));
  await openOtherStores(connection);
  queue = await connectWebhookQueue(connection);
});
afterAll(() => opened.disposeAsync());

/** A lane of an account of its own. */
function newLane(origin = "https://acme.example"): Lane {
  return callbackLane(`acme-${randomUUID().slice(0, 8)}`, `${origin}/hook`);
}

function note(id: string, messageId: string) {
  const told = { id, messageId, hook: null, url: "https://acme.example/hook" };
  return { ...told, type: "message.status", body: `{"id":"${id}"}`, queuedAt: Date.now() };
}

function enqueue(lane: Lane, messageId: string, ...ids: string[]) {
  return queue.enqueue({ lane, messageId, notes: ids.map((id) => note(id, messageId)) });
}

async function claim({ accountId }: Lane, more: Partial<ClaimLimits> = {}) {
  const shard = shardOfAccount(accountId);
  const { claimed } = await queue.claimDue(shard, { ...limits, ...more });
  return claimed.filter(({ lane }) => lane.accountId === accountId);
}

const idsOf = (claimed: Awaited<ReturnType<typeof claim>>) => claimed.map((each) => each.note.id);

it("gives one notification of a message at a time, in order", async () => {
  const lane = newLane();
  await enqueue(lane, "m-1", "a", "b");
  await enqueue(lane, "m-1", "b", "c");
  for (const id of ["a", "b", "c"]) {
    const [claimed, ...others] = await claim(lane);
    expect(claimed?.note).toMatchObject({ id, body: `{"id":"${id}"}` });
    expect(others).toEqual([]);
    expect(await claim(lane)).toEqual([]);
    await queue.settle(claimed!, done);
  }
  expect(await claim(lane)).toEqual([]);
  expect(await queue.findTold(lane, "m-1", ["a", "c", "d"])).toEqual([true, true, false]);
});

it("counts failures of a notification, and forgets them once it is done", async () => {
  const lane = newLane();
  await enqueue(lane, "m-1", "a", "b");
  for (const failureCount of [0, 1, 2]) {
    const [claimed] = await claim(lane);
    expect(claimed).toMatchObject({ failureCount, note: { id: "a" } });
    await queue.settle(claimed!, { ...done, delayMs: failureCount < 2 ? 0 : null });
  }
  expect((await claim(lane))[0]).toMatchObject({ failureCount: 0, note: { id: "b" } });
});

it("gives what a dead notifier had claimed to another one after the lease; a late word of the first changes nothing", async () => {
  const lane = newLane();
  await enqueue(lane, "m-1", "a", "b");
  const [lost] = await claim(lane, { leaseMs: 2_000 });
  expect(await claim(lane)).toEqual([]);
  const [again] = await vi.waitFor(async () => {
    const claimed = await claim(lane);
    expect(claimed).toHaveLength(1);
    return claimed;
  }, 30_000);
  expect(again).toEqual(lost);
  await queue.settle(again!, done);
  await queue.settle(lost!, done);
  expect(idsOf(await claim(lane))).toEqual(["b"]);
});

it("has no more of a lane in flight than allowed, and goes on when one has landed", async () => {
  const lane = newLane();
  for (let index = 0; index < 5; index++) await enqueue(lane, `m-${index}`, `n-${index}`);
  const claimed = await claim(lane, { flightMax: 3 });
  expect(claimed).toHaveLength(3);
  expect(await claim(lane, { flightMax: 3 })).toEqual([]);
  await queue.settle(claimed[0]!, { ...done, delayMs: 60_000 });
  expect(await claim(lane, { flightMax: 3 })).toHaveLength(1);
});

it("takes no more of an account than the caller has room for, over all of its lanes", async () => {
  const lane = newLane();
  const other = callbackLane(lane.accountId, "https://other.example/hook");
  for (let index = 0; index < 3; index++) {
    await enqueue(lane, `m-${index}`, `n-${index}`);
    await enqueue(other, `m-${index}`, `n-${index}`);
  }
  expect(await claim(lane, { roomOf: () => 4 })).toHaveLength(4);
  expect(await claim(lane, { roomOf: () => 0 })).toEqual([]);
  await vi.waitFor(async () => expect(await claim(lane)).toHaveLength(2), 30_000);
});

it("tells how much waits, and since when", async () => {
  const { messageCount: before } = await queue.backlog();
  const lane = newLane();
  await enqueue(lane, "m-1", "a", "b");
  const { messageCount, oldestSince } = await queue.backlog();
  expect(messageCount).toBe(before + 1);
  expect(oldestSince).toBeLessThanOrEqual(Date.now());
  for (const _ of ["a", "b"]) await queue.settle((await claim(lane))[0]!, done);
  expect((await queue.backlog()).messageCount).toBe(before);
});

it("tells since when a webhook takes nothing and why, until it takes something again", async () => {
  const lane = hookLane(newLane().accountId, "shop");
  const standing = async () => (await queue.standings(lane.accountId, ["other", "shop"]))[1];
  await enqueue(lane, "m-1", "a", "b");
  await enqueue(lane, "m-2", "c");
  expect(await standing()).toEqual({ waitingCount: 2, givenUpCount: 0, failing: null });
  const told = [
    { at: 1_764_500_000_000, reason: "It answered 500.\nAgain." },
    { at: 1_764_500_001_000, reason: "It did not answer within 10000 ms." },
  ];
  for (const fault of told) {
    const [claimed] = await claim(lane, { roomOf: () => 1 });
    await queue.settle(claimed!, { delayMs: 0, fault });
  }
  const [first, last] = told;
  const failing = { since: first!.at, lastAt: last!.at, reason: last!.reason };
  expect(await standing()).toMatchObject({ failing });
  expect(await queue.failing()).toEqual([lane]);
  await queue.settle((await claim(lane))[0]!, done);
  expect(await standing()).toMatchObject({ failing: null });
  expect(await queue.failing()).toEqual([]);
});

it("counts what each webhook has among the dead letters", async () => {
  const { accountId, name } = newLane();
  const [shop, desk] = [hookLane(accountId, "shop"), hookLane(accountId, "desk")];
  const counts = async () => {
    const standings = await queue.standings(accountId, ["shop", "desk"]);
    return standings.map(({ givenUpCount }) => givenUpCount);
  };
  for (const id of ["a", "b", "b"]) await queue.dead.bury(shop, note(id, "m-1"), "gone");
  await queue.dead.bury(desk, note("a", "m-1"), "gone");
  await queue.dead.bury({ accountId, name }, note("a", "m-1"), "gone");
  expect(await counts()).toEqual([2, 1]);
  const [letter] = await queue.dead.list(accountId, { offset: 4 - 1, limit: 1 });
  await queue.dead.remove(accountId, letter!);
  await queue.dead.remove(accountId, letter!);
  expect(await counts()).toEqual([1, 1]);
  expect(await replayAll(accountId, queue)).toMatchObject({ replayedCount: 3, remainingCount: 0 });
  expect(await counts()).toEqual([0, 0]);
});

it("tells one fault where Redis is away at a look at what waits", async () => {
  await using server = await startRedisServer();
  await using leaving = await connectRedis({ url: server.url, log });
  const left = await connectWebhookQueue(leaving);
  leaving.at("").disconnect();
  await once(leaving.at(""), "end");
  // Vitest fails a run in which another of its replies is rejected and nobody hears that.
  await expect(left.backlog()).rejects.toBeInstanceOf(RetriableError);
});

it("keeps one dead letter of a notification that is given up twice", async () => {
  const lane = newLane();
  for (const reason of ["first", "second"]) await queue.dead.bury(lane, note("a", "m-1"), reason);
  const failures = await queue.dead.list(lane.accountId, { offset: 0, limit: 10 });
  expect(failures).toMatchObject([{ reason: "second", lane: lane.name, note: { id: "a" } }]);
});

it("replays what died in the same millisecond in the order in which it died", async () => {
  const lane = newLane();
  const ids = Array.from({ length: 20 }, (_, index) => `n-${index}`);
  for (const id of ids) await queue.dead.bury(lane, note(id, "m-1"), "gone");
  expect(await replayAll(lane.accountId, queue)).toMatchObject({ replayedCount: 20 });
  const told: string[] = [];
  for (const _ of ids) {
    const [claimed] = await claim(lane);
    told.push(claimed!.note.id);
    await queue.settle(claimed!, done);
  }
  expect(told).toEqual(ids);
});

it("keeps the dead letter of a replay that failed before the one who asked for it was done", async () => {
  const lane = newLane();
  await queue.dead.bury(lane, note("a", "m-1"), "first");
  const [failure] = await queue.dead.list(lane.accountId, { offset: 0, limit: 1 });
  const dying = {
    dead: queue.dead,
    async enqueueAgain(queued: Parameters<WebhookQueue["enqueueAgain"]>[0]) {
      const isTaken = await queue.enqueueAgain(queued);
      await vi.waitUntil(() => Date.now() > failure!.diedAt);
      await queue.dead.bury(lane, note("a", "m-1"), "second");
      return isTaken;
    },
  };
  expect(await replay(failure!, dying)).toBe(true);
  const left = await queue.dead.list(lane.accountId, { offset: 0, limit: 10 });
  expect(left).toMatchObject([{ reason: "second" }]);
});

it("keeps the callback URLs of an account on a bounded number of lanes", () => {
  const lanes = Array.from({ length: 5_000 }, (_, index) => {
    return callbackLane("acme", `https://customer-${index}.example/hook`).name;
  });
  expect(new Set(lanes).size).toBeLessThanOrEqual(256);
});

it("keeps what nobody here can read: it leads nowhere, and hides nothing else", async () => {
  const lane = newLane();
  await enqueue(lane, "m-1", "a");
  const key = queueKey(lane, "m-1");
  await connection.at(key).lset(key, 0, '{"of":"a newer version"}');
  const [claimed] = await claim(lane);
  expect(claimed?.note).toMatchObject({ messageId: "m-1", url: null, type: "illegible" });
  await queue.dead.bury(lane, claimed!.note, "Nobody can read it.");
  await queue.settle(claimed!, done);
  expect(await claim(lane)).toEqual([]);
  await queue.dead.bury(lane, note("b", "m-2"), "gone");
  const [newest] = await queue.dead.list(lane.accountId, { offset: 0, limit: 1 });
  const letters = deadLettersKey(lane.accountId);
  await connection.at(letters).hset(letters, newest!.failureId, "{}");
  const failures = await queue.dead.list(lane.accountId, { offset: 0, limit: 10 });
  expect(failures.map(({ note: { type, body } }) => [type, body])).toEqual([
    ["illegible", "{}"],
    ["illegible", '{"of":"a newer version"}'],
  ]);
});

it("adds what is told once more only where little waits, so that what is new is told soon, and never given up for it", async () => {
  const lane = newLane();
  const waiting = Array.from({ length: 5_000 }, (_, index) => [Date.now(), `old-${index}`]);
  await connection.at(dueKey(lane)).zadd(dueKey(lane), ...waiting.flat());
  const again = { lane, messageId: "again", notes: [note("a", "again")] };
  const full = await queue.enqueueRetold(again).catch((error: unknown) => error);
  expect(full).toBeInstanceOf(WaitsAloneError);
  expect(await queue.findTold(lane, "again", ["a"])).toEqual([false]);
  await enqueue(lane, "new", "b");
  expect(await queue.findTold(lane, "new", ["b"])).toEqual([true]);
  expect(await queue.dead.count(lane.accountId)).toBe(0);
  await connection.at(dueKey(lane)).zrem(dueKey(lane), "old-0", "old-1");
  await queue.enqueueRetold(again);
  expect(await queue.findTold(lane, "again", ["a"])).toEqual([true]);
});
