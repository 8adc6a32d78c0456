import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { linkKey, parkedKey } from "#libs/provider-ids/keys.ts";
import { connectProviderIds, type ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

const log = pino({ level: "silent" });
const KEEP_MS = 72 * 3_600_000;
const attempt = { messageId: "msg:1", attemptIndex: 2 };

let server: RedisServer;
let redis: RedisConnection;
let ids: ProviderIds;

beforeAll(async () => {
  server = await startRedisServer();
  redis = await connectRedis({ url: server.url, log });
  ids = await connectProviderIds({ redis, keepMs: KEEP_MS });
});

beforeEach(async () => {
  await redis.client.flushall();
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

it("joins a report to the attempt that its provider id was linked to", async () => {
  expect(await ids.linkAll([{ ...id("p1"), ...attempt }])).toEqual([[]]);
  expect(await ids.joinAll([report("p1", "r1"), report("p2", "r2")])).toEqual([attempt, "parked"]);
});

it("keeps the ids of two providers apart", async () => {
  await ids.linkAll([{ ...id("p1"), ...attempt }]);
  expect(await ids.joinAll([{ ...report("p1", "r1"), provider: "other" }])).toEqual(["parked"]);
});

it("returns parked reports with the link, each once, until they are forgotten", async () => {
  await ids.joinAll([report("p1", "r1"), report("p1", "r2"), report("p1", "r1")]);
  const link = { ...id("p1"), ...attempt };
  const [parked] = await ids.linkAll([link]);
  expect(parked?.map(String).toSorted()).toEqual(["r1", "r2"]);
  expect(await ids.linkAll([link])).toEqual([parked]);
  await ids.forgetParked([link]);
  expect(await ids.linkAll([link])).toEqual([[]]);
});

it("gives every key an end", async () => {
  await ids.joinAll([report("p1", "r1")]);
  await ids.linkAll([{ ...id("p2"), ...attempt }]);
  for (const key of [parkedKey(id("p1")), linkKey(id("p2"))]) {
    const leftMs = await redis.client.pttl(key);
    expect(leftMs).toBeGreaterThan(KEEP_MS - 10_000);
    expect(leftMs).toBeLessThanOrEqual(KEEP_MS);
  }
});

it("parks a hundred reports of one provider id and no more, but those again", async () => {
  const reports = Array.from({ length: 101 }, (_, i) => report("p1", `r${i}`));
  const joined = await ids.joinAll(reports);
  expect(joined.filter((one) => one === "parked")).toHaveLength(100);
  expect(joined[100]).toBe("full");
  expect(await ids.joinAll([report("p1", "r5")])).toEqual(["parked"]);
});

it("parks nothing of a batch in which a key has another type", async () => {
  await redis.client.set(parkedKey(id("p1")), "text");
  await expect(ids.joinAll([report("p1", "r1")])).rejects.toThrow(/WRONGTYPE/);
  await expect(ids.linkAll([{ ...id("p1"), ...attempt }])).rejects.toThrow(/WRONGTYPE/);
  expect(await redis.client.exists(linkKey(id("p1")))).toBe(0);
});

it("answers in the order of the items, over all shards and in batches of any size", async () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `p${i}`);
  await ids.linkAll(names.map((name, i) => ({ ...id(name), messageId: name, attemptIndex: i })));
  const joined = await ids.joinAll(names.map((name) => report(name, "r")));
  expect(joined).toEqual(names.map((name, i) => ({ messageId: name, attemptIndex: i })));
});

it("never lets a report fall between the link and the park, however they race", async () => {
  const step = fc.constantFrom("link" as const, "join" as const);
  const races = fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
      await redis.client.flushall();
      const handled = new Set<string>();
      await Promise.all(
        steps.map(async (one, i) => {
          if (one === "link") {
            const [parked] = await ids.linkAll([{ ...id("p"), ...attempt }]);
            for (const bytes of parked ?? []) handled.add(bytes.toString());
          } else {
            const [joined] = await ids.joinAll([report("p", `r${i}`)]);
            if (joined !== "parked") handled.add(`r${i}`);
          }
        }),
      );
      const sent = steps.flatMap((one, i) => (one === "join" ? [`r${i}`] : []));
      return !steps.includes("link") || String([...handled].toSorted()) === String(sent.toSorted());
    }),
    { numRuns: 200 },
  );
  await expect(races).resolves.toBeUndefined();
});

function id(providerMessageId: string) {
  return { provider: "simulated", providerMessageId };
}

function report(providerMessageId: string, reportId: string) {
  return { ...id(providerMessageId), reportId, bytes: Buffer.from(reportId) };
}
