// What dispatchers of a test work with: a Redis of their own, whose stores are open, and the contracts.
import { type Contracts, connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { connectProviderIds, type ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { openOtherStores } from "./open-shards.ts";
import { startRedisServer } from "./redis-server.ts";

export type DispatchStores = AsyncDisposable & {
  contracts: Contracts;
  redis: RedisConnection;
  providerIds: ProviderIds;
};

/** Disposal closes the connection and ends the Redis. */
export async function openDispatchStores(): Promise<DispatchStores> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startRedisServer());
  const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
  await registerSchemas({ registryUrl });
  const contracts = await connectContracts({ registryUrl });
  const log = createLog("channel-dispatcher", "error");
  const redis = opened.use(await connectRedis({ url: server.url, log }));
  await openOtherStores(redis);
  const providerIds = await connectProviderIds({ redis });
  const resources = opened.move();
  return {
    contracts,
    redis,
    providerIds,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
