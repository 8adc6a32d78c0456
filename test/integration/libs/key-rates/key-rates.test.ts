// How fast a key may ask, on a real Redis that several processes share.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectKeyRates, type KeyRates } from "#libs/key-rates/key-rates.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

const log = createLog("test", "fatal", { write: () => undefined });
const resources = new AsyncDisposableStack();
let redisServer: Awaited<ReturnType<typeof startRedisServer>>;
let processes: KeyRates[];

beforeAll(async () => {
  redisServer = resources.use(await startRedisServer());
  const connect = async () =>
    connectKeyRates(resources.use(await connectRedis({ url: redisServer.url, log })));
  processes = await Promise.all([connect(), connect()]);
});
afterAll(() => resources.disposeAsync());

const newKey = () => ({ accountId: "acme", name: randomUUID(), scopes: ["send"] as const });
const limited = (ratePerKey: typeof NO_LIMITS.ratePerKey) => ({
  limits: { ...NO_LIMITS, ratePerKey },
});
/** A turn comes back in an hour: the test cannot be too slow for it. */
const slow = limited({ perSecond: 1 / 3_600, burst: 3 });

it("lets a burst pass, whichever process it asks, and says how long to wait for more", async () => {
  const [one, other] = processes;
  const key = newKey();
  const waits = [];
  for (const each of [one, other, one, other]) waits.push(await each!.waitMs(key, slow));
  expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
  expect(waits[3]).toBeGreaterThan(3_000_000);
  expect(waits[3]).toBeLessThanOrEqual(3_600_000);
  expect(await one!.waitMs(newKey(), slow)).toBe(0);
});

it("gives turns back one after the other", async () => {
  const [one] = processes;
  const key = newKey();
  const fast = limited({ perSecond: 5, burst: 1 });
  expect(await one!.waitMs(key, fast)).toBe(0);
  await expect.poll(() => one!.waitMs(key, fast), { timeout: 10_000 }).toBe(0);
});

it("lets everybody pass while Redis is away", async () => {
  const gone = await connectRedis({ url: redisServer.url, log });
  const rates = await connectKeyRates(gone);
  await gone[Symbol.asyncDispose]();
  const key = newKey();
  for (let count = 0; count < 5; count += 1) expect(await rates.waitMs(key, slow)).toBe(0);
});
