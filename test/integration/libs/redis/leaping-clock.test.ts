// Redis' clock leaps by a day and is put right again. Whatever goes by it does nothing meanwhile, and
// afterwards nothing has run out, is out of sight, or waits for tomorrow.

import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { laneOf } from "#libs/dispatch-store/keys.ts";
import { DISPATCH_SCRIPTS } from "#libs/dispatch-store/scripts.ts";
import { connectKeyRates } from "#libs/key-rates/key-rates.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { ClockSkewError } from "#libs/redis/clocks.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { loadScripts } from "#libs/redis/script.ts";
import { NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { callbackLane, shardOfAccount } from "#libs/webhook-queue/keys.ts";
import { connectWebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import { openLanes } from "#test/support/open-lanes.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { hasCompiler, type ShiftedClock, shiftedClock } from "#test/support/shifted-clock.ts";

const LEAP_MS = 25 * 3_600_000;
const log = createLog("leaping-clock", "fatal");

function report(name: string) {
  const id = { provider: "simulated", providerMessageId: name };
  return { ...id, reportId: name, bytes: Buffer.from(name) };
}

describe.skipIf(!hasCompiler).each([
  ["ahead", LEAP_MS],
  ["behind", -LEAP_MS],
])("a clock of Redis that leaps a day %s", (_way, leapMs) => {
  const resources = new AsyncDisposableStack();
  let clock: ShiftedClock;
  let redis: RedisConnection;

  beforeAll(async () => {
    clock = resources.use(shiftedClock());
    const { url } = resources.use(await startRedisServer([], clock.env));
    redis = resources.use(await connectRedis({ url, log }));
    await openOtherStores(redis);
    await loadScripts(redis, DISPATCH_SCRIPTS);
  });

  afterEach(() => clock.shift(0));

  afterAll(() => resources.disposeAsync());

  it("ends no report's waiting for its attempt, and parks none by it", async () => {
    const ids = await connectProviderIds({ redis });
    const waiting = async () => {
      return (await ids.findWaiting([report("early"), report("late")])).map(({ bytes }) =>
        bytes.toString(),
      );
    };
    await ids.joinAll([report("early")]);
    await clock.shift(leapMs);
    await expect(ids.findExpired()).rejects.toThrow(ClockSkewError);
    await expect(ids.joinAll([report("late")])).rejects.toThrow(ClockSkewError);
    expect(await waiting()).toEqual(["early"]);
    await clock.shift(0);
    await ids.joinAll([report("late")]);
    expect(await ids.findExpired()).toEqual([]);
    expect((await waiting()).toSorted()).toEqual(["early", "late"]);
  });

  it("tells webhooks nothing meanwhile, and all of it afterwards", async () => {
    const queue = await connectWebhookQueue(redis);
    const lane = callbackLane("acme", "https://acme.example/hook");
    const told = { hook: null, url: "https://acme.example/hook", type: "t", body: "{}" };
    const enqueue = (id: string) => {
      const note = { ...told, id, messageId: id, queuedAt: Date.now() };
      return queue.enqueue({ lane, messageId: id, notes: [note] });
    };
    const limits = { leaseMs: 60_000, flightMax: 8, roomOf: () => 8 };
    const claim = async () => (await queue.claimDue(shardOfAccount("acme"), limits)).claimed;
    await enqueue("before");
    await clock.shift(leapMs);
    await expect(enqueue("meanwhile")).rejects.toThrow(ClockSkewError);
    await expect(claim()).rejects.toThrow(ClockSkewError);
    await clock.shift(0);
    await enqueue("meanwhile");
    const claimed = await claim();
    expect(claimed.map(({ note }) => note.id).toSorted()).toEqual(["before", "meanwhile"]);
    await clock.shift(leapMs);
    // The answer is not kept, so it is told once more under the same id: at least once.
    await expect(queue.settle(claimed[0]!, { delayMs: null, fault: null })).rejects.toThrow(
      ClockSkewError,
    );
    await clock.shift(0);
    for (const each of claimed) await queue.settle(each, { delayMs: null, fault: null });
    expect(await queue.backlog()).toMatchObject({ messageCount: 0 });
  });

  it("calls nobody meanwhile, keeps what a call became, and goes on afterwards", async () => {
    const options = { channel: randomUUID(), owner: randomUUID(), leaseMs: 60_000 };
    const lanes = openLanes(redis, { ...options, ratePerSecond: 1_000 });
    const lane = laneOf({ accountId: "a", sender: "s" });
    const what = { lane, command: Buffer.from("command"), traceparent: undefined };
    const take = () => lanes.take({ placeCount: 8, held: { accounts: {}, lanes: {} }, done: [] });
    await lanes.takeIn([{ commandId: "c0", ...what }]);
    expect((await take()).taken).toHaveLength(1);
    await clock.shift(leapMs);
    await expect(lanes.takeIn([{ commandId: "c1", ...what }])).rejects.toThrow(ClockSkewError);
    await expect(take()).rejects.toThrow(ClockSkewError);
    const calling = { candidates: [], leftMs: 60_000 };
    await expect(lanes.beginCall("c0", calling)).rejects.toThrow(ClockSkewError);
    await lanes.saveAnswer("c0", { report: Buffer.from("report"), isUncalled: false });
    // It fails so often that nobody calls it: by a clock that is wrong.
    const failing = { why: "x", countMax: 1, openMs: 5_000, openMaxMs: 60_000 };
    await lanes.noteEnd("provider", failing);
    await clock.shift(0);
    await lanes.takeIn([{ commandId: "c1", ...what }]);
    expect((await take()).taken).toHaveLength(1);
    const [found] = await lanes.takeIn([{ commandId: "c0", ...what }]);
    expect(found).toMatchObject({ report: Buffer.from("report") });
    const candidate = { provider: "provider", isGuarded: true, paces: [] };
    const begun = await lanes.beginCall("c1", { candidates: [candidate], leftMs: 60_000 });
    expect(begun).toMatchObject({ index: 0, pacedMs: 0 });
  });

  it("lets a key ask, and does not hold it up afterwards", async () => {
    const rates = await connectKeyRates(redis);
    const key = { accountId: "acme", name: randomUUID(), scopes: ["send"] as const };
    const limits = { ...NO_LIMITS, ratePerKey: { perSecond: 1, burst: 1_000 } };
    await clock.shift(leapMs);
    expect(await rates.waitMs(key, { limits })).toBe(0);
    await clock.shift(0);
    expect(await rates.waitMs(key, { limits })).toBe(0);
  });
});
