// Fault: Redis is full. Invariant: reports that wait can be let go, which is what makes room again.
import { pino } from "pino";
import { expect, it } from "vitest";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

const log = pino({ level: "silent" });
const id = { provider: "simulated", providerMessageId: "p1" };

it("lets reports go that wait no longer, one after the other, although nothing can be added", async () => {
  await using server = await startRedisServer();
  await using redis = await connectRedis({ url: server.url, log });
  await openOtherStores(redis);
  const ids = await connectProviderIds({ redis });
  const bytes = Buffer.from("report");
  await ids.joinAll(["r1", "r2"].map((reportId) => ({ ...id, reportId, bytes })));
  const waiting = await ids.findWaiting([id]);
  expect(waiting).toHaveLength(2);
  await redis.at("").config("SET", "maxmemory", "1");
  for (const one of waiting) expect(await ids.forget([one])).toEqual([one]);
  await redis.at("").config("SET", "maxmemory", "0");
  expect(await ids.findWaiting([id])).toEqual([]);
});
