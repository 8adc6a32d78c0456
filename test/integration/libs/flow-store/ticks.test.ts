// Ticks stay bounded whatever is due and however long their consumer is away. The hours are virtual:
// Redis' clock and the caller's are put forward together.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { DueTimer, FlowStore } from "#libs/flow-store/ports.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { openShards } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { hasCompiler, type ShiftedClock, shiftedClock } from "#test/support/shifted-clock.ts";

const HOUR_MS = 3_600_000;
const SHARD_COUNT = 16;
const LENT_MAX = 256;
const LEASE_MS = 5_000;
/** 5 + 10 + 20 + 40 s, then one a minute. */
const TICKS_OF_ONE_IN_AN_HOUR = 64;
/** `TIMER_COUNT=1000000 npm test -- <this file>` takes a minute. */
const TIMER_COUNT = Number(process.env["TIMER_COUNT"] ?? 50_000);
const log = pino({ level: "silent" });
const shards = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

const resources = new AsyncDisposableStack();
let clock: ShiftedClock | undefined;
let redis: RedisConnection;
let store: FlowStore;
let epochs: Epoch[];
let shiftMs = 0;
/** When the claims before said that there would be something again. */
let nextAt = Infinity;

beforeAll(async () => {
  if (hasCompiler) clock = resources.use(shiftedClock());
  const server = resources.use(await startRedisServer([], clock?.env));
  redis = resources.use(await connectRedis({ url: server.url, log }));
});

beforeEach(async () => {
  await redis.at("").flushall();
  store = await connectFlowStore(redis, { shardCount: SHARD_COUNT, log });
  epochs = await openShards(store);
});

afterEach(async () => {
  shiftMs = 0;
  await clock?.shift(0);
});

afterAll(() => resources.disposeAsync());

async function letPass(ms: number): Promise<void> {
  shiftMs += ms;
  await clock?.shift(shiftMs);
}

const now = () => Date.now() + shiftMs;

/** Timers of messages that nothing is stored of: enough to be claimed and settled. */
async function arm(count: number, dueAt: number): Promise<Map<string, number>> {
  const armed = new Map<string, number>();
  for (let from = 0; from < count; from += 1_000) {
    const ids = Array.from({ length: Math.min(1_000, count - from) }, () => randomUUID());
    const byShard = Map.groupBy(ids, (id) => store.shardOf(id));
    await Promise.all(
      [...byShard].map(([shard, some]) =>
        redis.at("").zadd(shardKeys(shard).timers, ...some.flatMap((id) => [dueAt, id])),
      ),
    );
    for (const id of ids) armed.set(id, store.shardOf(id));
  }
  return armed;
}

async function claimAll(): Promise<DueTimer[][]> {
  const claim = { callerNowMs: now(), leaseMs: LEASE_MS, lentMax: LENT_MAX };
  const claims = await Promise.all(shards.map((shard) => store.claimDue(shard, claim)));
  nextAt = Math.min(...claims.map(({ nextDueAt }) => nextDueAt ?? Infinity));
  return claims.map(({ due }) => due);
}

/** As a commit does that ends the message. */
async function settle(due: readonly DueTimer[][]): Promise<void> {
  const settling = shards.map(async (shard) => {
    const places = due[shard]!.map(({ messageId }) => ({ messageId, version: 0, dueAt: null }));
    if (places.length > 0) await store.rearm(epochs[shard]!, places);
  });
  await Promise.all(settling);
}

describe.skipIf(!hasCompiler)("a consumer that is away for an hour", () => {
  it("finds a bounded number of ticks of 20,000 due timers, and nobody waits behind them", async () => {
    const armed = await arm(20_000, now());
    const ticks = new Map<string, number>();
    for (const endsAt = now() + HOUR_MS; now() < endsAt; ) {
      for (const { messageId } of (await claimAll()).flat()) {
        ticks.set(messageId, (ticks.get(messageId) ?? 0) + 1);
      }
      await letPass(nextAt - now() + 1_000);
    }
    expect(ticks.size).toBe(SHARD_COUNT * LENT_MAX);
    expect(Math.max(...ticks.values())).toBeLessThanOrEqual(TICKS_OF_ONE_IN_AN_HOUR);

    // It is back: the ticks whose leases last are handled, and then there is room.
    for (const shard of shards) {
      const lent = await redis.at("").hkeys(shardKeys(shard).lent);
      const places = lent.map((messageId) => ({ messageId, version: 0, dueAt: null }));
      await store.rearm(epochs[shard]!, places);
      for (const id of lent) armed.delete(id);
    }
    const fresh = await arm(shards.length, now());
    const fired = await claimAll();
    const ids = new Set(fired.flat().map(({ messageId }) => messageId));
    expect([...fresh.keys()].filter((id) => !ids.has(id))).toEqual([]);
    // Half of the places are the backlog's.
    expect(
      fired.map((some) => some.filter((one) => armed.has(one.messageId)).length >= LENT_MAX / 2),
    ).toEqual(shards.map(() => true));
  }, 120_000);
});

describe("timers that are due at one instant", () => {
  it(`fire once each, ${TIMER_COUNT} of them, evenly over the shards, and none is left`, async () => {
    const armed = await arm(TIMER_COUNT, now() - 1);
    const left = shards.map((shard) => [...armed.values()].filter((one) => one === shard).length);
    const fired = new Set<string>();
    let tickCount = 0;
    for (let turn = 0; turn < TIMER_COUNT && fired.size < TIMER_COUNT; turn++) {
      const due = await claimAll();
      // Each shard that has so many fires as many as may be lent, whatever the others have.
      expect(due.map(({ length }) => length)).toEqual(
        left.map((count) => Math.min(count, LENT_MAX)),
      );
      for (const [shard, some] of due.entries()) {
        left[shard]! -= some.length;
        tickCount += some.length;
        for (const { messageId } of some) fired.add(messageId);
      }
      await settle(due);
    }
    expect(fired.size).toBe(TIMER_COUNT);
    expect(tickCount).toBe(TIMER_COUNT);
  }, 600_000);
});
