// The Redis of a suite that a real server has to pass, and the in-memory one of the simulation or a Redis Cluster as
// well: vitest.config.ts runs its file again, with `UNDER_TEST=memory` or `UNDER_TEST=cluster`.
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { startRedisCluster } from "#test/support/redis-cluster.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { connectMemoryRedis } from "#test/support/simulation/redis/memory-client.ts";
import { MemoryRedis } from "#test/support/simulation/redis/memory-redis.ts";

/** Starts one and connects; disposal ends both. */
export async function startTestRedis(log: Log): Promise<AsyncDisposable & RedisConnection> {
  if (process.env["UNDER_TEST"] === "memory") {
    const server = new MemoryRedis(() => performance.timeOrigin + performance.now());
    return connectMemoryRedis({ server, log });
  }
  await using opened = new AsyncDisposableStack();
  const isCluster = process.env["UNDER_TEST"] === "cluster";
  const { url } = opened.use(await (isCluster ? startRedisCluster() : startRedisServer()));
  const redis = opened.use(await connectRedis({ url, log }));
  const resources = opened.move();
  return { ...redis, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
