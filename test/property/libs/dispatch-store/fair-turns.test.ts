// Goal: whatever waits, in whatever order it came and however many places get free at a time, turns
// are fair, lanes keep their order, and nothing is handed out twice or left behind.
// Method: random arrivals go to real Redis; what is taken is held against the rules. The seed that a
// failure prints repeats it.

import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { laneOf } from "#libs/dispatch-store/keys.ts";
import { type Held } from "#libs/dispatch-store/lanes.ts";
import type { Taken } from "#libs/dispatch-store/replies.ts";
import { DISPATCH_SCRIPTS } from "#libs/dispatch-store/scripts.ts";
import { loadScripts } from "#libs/redis/script.ts";
import { keysLike } from "#test/support/every-node.ts";
import { openLanes } from "#test/support/open-lanes.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { startTestRedis } from "#test/support/test-redis.ts";

const RUN_COUNT = 30;
const log = pino({ level: "silent" });
const nobody: Held = { accounts: {}, lanes: {} };

let redis: Awaited<ReturnType<typeof startTestRedis>>;

beforeAll(async () => {
  redis = await startTestRedis(log);
  await openOtherStores(redis);
  await loadScripts(redis, DISPATCH_SCRIPTS);
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

/** Lanes of a channel of their own, on which the pace is no limit. */
function freshLanes({ ratePerSecond = 100_000, leaseMs = 60_000 } = {}) {
  const channel = randomUUID();
  return openLanes(redis, { channel, owner: randomUUID(), leaseMs, ratePerSecond });
}

type Place = { account: number; sender: number };
const anyPlace = fc.record({ account: fc.nat(4), sender: fc.nat(2) });
/** Most of what comes is often one account's. */
const anyPlaces = fc
  .tuple(fc.array(anyPlace, { maxLength: 60 }), fc.nat(120))
  .map(([places, hotCount]) => [
    ...Array.from({ length: hotCount }, () => ({ account: 0, sender: 0 })),
    ...places,
  ])
  .chain((places) => fc.shuffledSubarray(places, { minLength: places.length }));

function arrivalsOf(places: readonly Place[]) {
  return places.map(({ account, sender }, index) => ({
    commandId: `c${index}`,
    lane: laneOf({ accountId: `a${account}`, sender: `s${sender}` }),
    command: Buffer.from("command"),
    traceparent: undefined,
  }));
}

it("hands every command out once, the oldest of a lane first, whatever places get free", async () => {
  const anyPlaceCounts = fc.infiniteStream(fc.integer({ min: 1, max: 20 }));
  await fc.assert(
    fc.asyncProperty(anyPlaces, anyPlaceCounts, async (places, placeCounts) => {
      const lanes = freshLanes();
      const arrivals = arrivalsOf(places);
      await lanes.takeIn(arrivals);
      // Twice: a redelivery changes nothing.
      await lanes.takeIn(arrivals);
      const taken: Taken[] = [];
      for (const placeCount of placeCounts) {
        const turn = await lanes.take({ placeCount, held: nobody, done: [] });
        expect(turn.taken.length).toBeLessThanOrEqual(placeCount);
        taken.push(...turn.taken);
        if (turn.waitingCount === 0) break;
      }
      expect(byLane(taken)).toEqual(byLane(arrivals));
    }),
    { numRuns: RUN_COUNT },
  );
}, 60_000);

it("serves accounts in turn, and the senders of an account in turn", async () => {
  await fc.assert(
    fc.asyncProperty(anyPlaces, fc.integer({ min: 1, max: 5 }), async (places, placeCount) => {
      const lanes = freshLanes();
      const arrivals = arrivalsOf(places);
      await lanes.takeIn(arrivals);
      const order: Taken[] = [];
      while (order.length < arrivals.length) {
        order.push(...(await lanes.take({ placeCount, held: nobody, done: [] })).taken);
      }
      expect(order).toHaveLength(arrivals.length);
      expectTurns(order, ({ lane }) => lane.accountId);
      for (const account of new Set(order.map(({ lane }) => lane.accountId))) {
        const ofAccount = order.filter(({ lane }) => lane.accountId === account);
        expectTurns(ofAccount, ({ lane }) => lane.name);
      }
    }),
    { numRuns: RUN_COUNT },
  );
}, 60_000);

/** Between two turns of one, everybody else who still waits has had exactly one. */
function expectTurns(order: readonly Taken[], nameOf: (taken: Taken) => string): void {
  const names = order.map(nameOf);
  names.forEach((name, index) => {
    const next = names.indexOf(name, index + 1);
    if (next < 0) return;
    const between = names.slice(index + 1, next);
    const waiting = new Set(names.slice(next).filter((other) => other !== name));
    expect(new Set(between).size).toBe(between.length);
    for (const other of waiting) expect(between).toContain(other);
  });
}

it("has a place for whoever comes new, while the calls of all others hang", async () => {
  const placeCount = 64;
  const anyHot = fc.array(anyPlace, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(anyHot, async (hot) => {
      const lanes = freshLanes();
      const arrivals = arrivalsOf(hot.flatMap((place) => Array.from({ length: 70 }, () => place)));
      await lanes.takeIn(arrivals);
      const { taken } = await lanes.take({ placeCount, held: nobody, done: [] });
      const newcomer = { commandId: "new", lane: laneOf({ accountId: "new", sender: null }) };
      const arrival = { ...newcomer, command: Buffer.from("command"), traceparent: undefined };
      await lanes.takeIn([arrival]);
      const free = placeCount - taken.length;
      const next = await lanes.take({ placeCount: free, held: heldBy(taken), done: [] });
      expect(next.taken.map(({ commandId }) => commandId)).toContain("new");
      // Most places are used all the same.
      expect(taken.length).toBeGreaterThan(placeCount / 2);
    }),
    { numRuns: RUN_COUNT },
  );
}, 60_000);

function heldBy(inFlight: readonly Taken[]): Held {
  return {
    accounts: countBy(inFlight.map(({ lane }) => lane.accountId)),
    lanes: countBy(inFlight.map(({ lane }) => lane.name)),
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function byLane(items: readonly { commandId: string; lane: { name: string } }[]) {
  const ids: Record<string, string[]> = {};
  for (const { commandId, lane } of items) (ids[lane.name] ??= []).push(commandId);
  return ids;
}

it("keeps every sender's pace, and gives a token back that bought no call", async () => {
  const lanes = freshLanes({ ratePerSecond: 1 });
  await lanes.takeIn(arrivalsOf([0, 0, 1].map((account) => ({ account, sender: 0 }))));
  const take = () => lanes.take({ placeCount: 10, held: nobody, done: [] });
  const first = await take();
  expect(first.taken.map(({ commandId }) => commandId)).toEqual(["c0", "c2"]);
  expect((await take()).taken).toEqual([]);
  await lanes.saveAnswer("c0", { report: null, isUncalled: true });
  expect((await take()).taken.map(({ commandId }) => commandId)).toEqual(["c1"]);
  expect(await take()).toMatchObject({ taken: [], waitingCount: 0 });
});

it("brings back what its dispatcher died with, and tells whose it was", async () => {
  const lanes = freshLanes({ leaseMs: 50 });
  await lanes.takeIn(arrivalsOf([{ account: 0, sender: 0 }]));
  const take = () => lanes.take({ placeCount: 1, held: nobody, done: [] });
  expect((await take()).taken).toMatchObject([{ verdict: "claimed" }]);
  await expect
    .poll(async () => (await take()).taken)
    .toMatchObject([{ verdict: "abandoned", wasMine: true }]);
  await lanes.saveAnswer("c0", { report: Buffer.from("report"), isUncalled: false });
  await expect
    .poll(async () => (await take()).taken)
    .toMatchObject([{ verdict: "answered", report: Buffer.from("report") }]);
  await lanes.take({ placeCount: 1, held: nobody, done: ["c0"] });
  expect(await take()).toMatchObject({ taken: [], nextInMs: null });
  const arrivals = arrivalsOf([{ account: 0, sender: 0 }]);
  expect(await lanes.takeIn(arrivals)).toEqual([
    { state: "answered", report: Buffer.from("report") },
  ]);
});

it("calls nobody for a command that is answered while it waits in its lane again", async () => {
  const lanes = freshLanes({ leaseMs: 50 });
  await lanes.takeIn(arrivalsOf([{ account: 0, sender: 0 }]));
  const take = (placeCount: number) => lanes.take({ placeCount, held: nobody, done: [] });
  expect((await take(1)).taken).toMatchObject([{ verdict: "claimed" }]);
  // Its dispatcher stands still for longer than its lease; then it has the provider's word after all.
  await expect.poll(async () => (await take(0)).waitingCount).toBe(1);
  const report = Buffer.from("report");
  await lanes.saveAnswer("c0", { report, isUncalled: false });
  const turn = await take(1);
  expect(turn.taken).toMatchObject([{ verdict: "answered", report }]);
  expect(turn.waitingCount).toBe(0);
  await lanes.take({ placeCount: 1, held: nobody, done: ["c0"] });
  expect(await take(1)).toMatchObject({ taken: [], nextInMs: null });
});

it("goes on when Redis' clock was an hour ahead and is put right", async () => {
  const channel = randomUUID();
  const pace = { leaseMs: 100, ratePerSecond: 1 };
  const lanes = openLanes(redis, { channel, owner: randomUUID(), ...pace });
  await lanes.takeIn(arrivalsOf([0, 0, 0].map((account) => ({ account, sender: 0 }))));
  const seen = new Set<string>();
  const take = () => lanes.take({ placeCount: 1, held: nobody, done: [...seen] });
  expect((await take()).taken).toHaveLength(1);
  await writeAnHourAhead(channel);
  await expect
    .poll(
      async () => {
        for (const { commandId } of (await take()).taken) {
          seen.add(commandId);
          await lanes.saveAnswer(commandId, { report: null, isUncalled: false });
        }
        return seen.size;
      },
      { timeout: 30_000 },
    )
    .toBe(3);
}, 40_000);

/** What a clock that is an hour ahead would have written in the place of what is there. */
async function writeAnHourAhead(channel: string): Promise<void> {
  const hourMs = 3_600_000;
  for (const key of await keysLike(redis, `ft:dispatch:{${channel}}:*`)) {
    const kind = key.split("}:")[1]!.split(":")[0]!;
    if (kind === "rate") await redis.at(key).set(key, String((Date.now() + hourMs) * 1_000));
    const ahead = { accounts: hourMs * 1_000, lanes: hourMs * 1_000, delayed: hourMs }[kind];
    if (ahead === undefined) continue;
    for (const member of await redis.at(key).zrange(key, "0", "-1")) {
      await redis.at(key).zincrby(key, ahead, member);
    }
  }
}

it("leaves another's command alone when it comes too late", async () => {
  const channel = randomUUID();
  const [late, next] = ["late", "next"].map((owner) =>
    openLanes(redis, { channel, owner, leaseMs: 50, ratePerSecond: 100_000 }),
  );
  await late!.takeIn(arrivalsOf([{ account: 0, sender: 0 }]));
  const taking = { placeCount: 1, held: nobody, done: [] };
  await late!.take(taking);
  await expect
    .poll(async () => (await next!.take(taking)).taken)
    .toMatchObject([{ verdict: "abandoned", wasMine: false }]);
  const how = { delayMs: 0, because: "refused", isUncalled: false, isAnswerLost: false } as const;
  expect(await late!.putOff("c0", how)).toBe(0);
  expect(await next!.putOff("c0", how)).toBe(1);
});

it("knows that there may have been a call, however many die with it or lose sight of it", async () => {
  const channel = randomUUID();
  const [first, second] = ["first", "second"].map((owner) =>
    openLanes(redis, { channel, owner, leaseMs: 50, ratePerSecond: 100_000 }),
  );
  await first!.takeIn(arrivalsOf([{ account: 0, sender: 0 }]));
  const taking = { placeCount: 1, held: nobody, done: [] };
  const takenBy = async (lanes: typeof first) => (await lanes!.take(taking)).taken;
  expect(await takenBy(first)).toMatchObject([{ verdict: "claimed" }]);
  const abandonedByOther = [{ verdict: "abandoned", wasMine: false }];
  await expect.poll(() => takenBy(second)).toMatchObject(abandonedByOther);
  // The second one's connection breaks: it neither calls nor gives the command back.
  await expect.poll(() => takenBy(second)).toMatchObject(abandonedByOther);
  await expect.poll(() => takenBy(first)).toMatchObject(abandonedByOther);
  const how = { delayMs: 0, because: "refused", isUncalled: false, isAnswerLost: false } as const;
  await first!.putOff("c0", how);
  await expect.poll(() => takenBy(second)).toMatchObject([{ verdict: "claimed" }]);
});
