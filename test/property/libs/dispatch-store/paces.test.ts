// Whom a command is given to, and when, by the paces of its connections: scripts on real Redis.

import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Candidate } from "#libs/dispatch-store/candidate.ts";
import { laneOf } from "#libs/dispatch-store/keys.ts";
import { type Held } from "#libs/dispatch-store/lanes.ts";
import { DISPATCH_SCRIPTS } from "#libs/dispatch-store/scripts.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { loadScripts } from "#libs/redis/script.ts";
import { openLanes } from "#test/support/open-lanes.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { startTestRedis } from "#test/support/test-redis.ts";

const nobody: Held = { accounts: {}, lanes: {} };
const LONG_MS = 600_000;

const opened = new AsyncDisposableStack();
let redis: RedisConnection;

beforeAll(async () => {
  redis = opened.use(await startTestRedis(pino({ level: "silent" })));
  await openOtherStores(redis);
  await loadScripts(redis, DISPATCH_SCRIPTS);
});
afterAll(() => opened.disposeAsync());

/** `count` commands that are claimed, and lanes of a channel of their own. */
async function claimed(count: number) {
  const options = { channel: randomUUID(), owner: randomUUID(), leaseMs: 60_000 };
  const lanes = openLanes(redis, { ...options, ratePerSecond: 100_000 });
  const ids = Array.from({ length: count }, (_, index) => `c${index}`);
  const lane = laneOf({ accountId: "a", sender: "s" });
  const what = { lane, command: Buffer.from("command"), traceparent: undefined };
  await lanes.takeIn(ids.map((commandId) => ({ commandId, ...what })));
  // A turn leaves places to other lanes.
  for (let left = count; left > 0; ) {
    left -= (await lanes.take({ placeCount: count, held: nobody, done: [] })).taken.length;
  }
  return { lanes, ids };
}

/** A connection that is called each 10 ms, and once a minute for each person. */
function to(person: string, provider = "main"): Candidate {
  const once = { burstCount: 1, isOfAllChannels: false, isShared: false };
  const all = { name: provider, intervalUs: 10_000, ...once };
  const pair = { name: `${provider} ${person}`, intervalUs: 60_000_000, ...once };
  return { provider, isGuarded: false, paces: [all, pair] };
}

it("lets nobody wait for another person's pace", async () => {
  const { lanes, ids } = await claimed(6);
  const begin = (index: number, person: string) =>
    lanes.beginCall(ids[index]!, { candidates: [to(person)], leftMs: LONG_MS });
  const toAnn = [];
  for (const index of [0, 1, 2, 3]) toAnn.push((await begin(index, "Ann"))!.pacedMs);
  expect(toAnn[0]).toBe(0);
  expect(toAnn[3]).toBeGreaterThan(170_000);
  expect((await begin(4, "Ben"))!.pacedMs).toBeLessThan(1_000);
  expect((await begin(5, "Cid"))!.pacedMs).toBeLessThan(1_000);
});

it("asks the next connection where the first has no slot in time", async () => {
  const { lanes, ids } = await claimed(3);
  const candidates = [to("Ann", "main"), to("Ann", "backup")];
  const begin = (index: number) => lanes.beginCall(ids[index]!, { candidates, leftMs: 30_000 });
  expect(await begin(0)).toMatchObject({ index: 0, pacedMs: 0 });
  expect(await begin(1)).toMatchObject({ index: 1, pacedMs: 0 });
  // Neither has: it comes again, and is told how long the first lets it wait.
  const third = await begin(2);
  expect(third).toMatchObject({ index: 0 });
  expect(third!.pacedMs).toBeGreaterThan(50_000);
});

it.each([
  ["shares what is its connection's with another channel's", true, 50_000],
  ["shares nothing of a sender's with another channel's", false, 0],
])("%s", async (_, isOfAllChannels, waitMs) => {
  const once = { burstCount: 1, isShared: false };
  const pace = { name: randomUUID(), intervalUs: 60_000_000, ...once, isOfAllChannels };
  const candidates = [{ provider: "main", isGuarded: false, paces: [pace] }];
  const [sms, rcs] = [await claimed(1), await claimed(1)];
  const begin = ({ lanes, ids }: typeof sms) =>
    lanes.beginCall(ids[0]!, { candidates, leftMs: LONG_MS });
  expect(await begin(sms)).toMatchObject({ index: 0, pacedMs: 0 });
  expect((await begin(rcs))!.pacedMs).toBeGreaterThanOrEqual(waitMs);
});

/** A connection that accounts share, and that is called once in `intervalMs`. */
function shared(name: string, accountId: string, intervalMs: number): Candidate {
  const each = { intervalUs: intervalMs * 1_000, burstCount: 1, isOfAllChannels: true };
  const own = { ...each, name: `${name} ${accountId}`, isShared: false };
  const all = { ...each, name, isShared: true };
  return { provider: name, isGuarded: false, paces: [own, all] };
}

it("lets no account wait behind the backlog of another that shares the connection", async () => {
  const { lanes, ids } = await claimed(202);
  const name = randomUUID();
  const begin = (index: number, accountId: string) =>
    lanes.beginCall(ids[index]!, { candidates: [shared(name, accountId, 50)], leftMs: LONG_MS });
  const ofMany = [];
  for (const index of Array(200).keys()) ofMany.push((await begin(index, "many"))!.pacedMs);
  expect(ofMany[0]).toBe(0);
  expect(ofMany[199]).toBeGreaterThan(5_000);
  expect((await begin(200, "few"))!.pacedMs).toBeLessThan(2_000);
});

it("calls a shared connection no faster for having several accounts", async () => {
  const { lanes, ids } = await claimed(3);
  const name = randomUUID();
  const begin = (index: number, accountId: string) =>
    lanes.beginCall(ids[index]!, {
      candidates: [shared(name, accountId, 60_000)],
      leftMs: LONG_MS,
    });
  expect(await begin(0, "a")).toMatchObject({ index: 0, pacedMs: 0 });
  expect((await begin(1, "b"))!.pacedMs).toBeGreaterThan(50_000);
  expect((await begin(2, "c"))!.pacedMs).toBeGreaterThan(50_000);
  // One that has had its turn comes again for its slot, and still may not be called.
  expect((await begin(1, "b"))!.pacedMs).toBeGreaterThan(50_000);
});

it("forgets who was called once he has answered, and not while he may have it", async () => {
  const { lanes, ids } = await claimed(2);
  const calledAgain = async (index: number, isAnswerLost: boolean) => {
    const commandId = ids[index]!;
    const main = { provider: "main", isGuarded: false, paces: [] };
    await lanes.beginCall(commandId, { candidates: [main], leftMs: LONG_MS });
    const because = isAnswerLost ? "lost" : "passed-on";
    await lanes.putOff(commandId, { delayMs: 0, because, isUncalled: false, isAnswerLost });
    const { taken } = await lanes.take({ placeCount: 2, held: nobody, done: [] });
    return taken.find((each) => each.commandId === commandId)?.called;
  };
  expect(await calledAgain(0, false)).toBeNull();
  expect(await calledAgain(1, true)).toBe("main");
});
