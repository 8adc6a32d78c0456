// Before a tier: the shards of the environment's Redis are opened. Tests on one broker have Redis servers
// of their own, whose messages its journal has; a product that comes later would take them for lost.
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { openOtherStores, openShards } from "#test/support/open-shards.ts";

export default async function setup(): Promise<void> {
  const log = createLog("open-environment", "error");
  const url = String(process.env["REDIS_URL"]);
  await using redis = await connectRedis({ url, log });
  await openOtherStores(redis);
  await openShards(await connectFlowStore(redis, { shardCount: 16, log }));
}
