// What a test does to all of a Redis, be it one node or several.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";

export async function emptyRedis(redis: Pick<RedisConnection, "nodes">): Promise<void> {
  await Promise.all(redis.nodes().map((node) => node.flushall()));
}

export async function keysLike(
  redis: Pick<RedisConnection, "nodes">,
  pattern: string,
): Promise<string[]> {
  return (await Promise.all(redis.nodes().map((node) => node.keys(pattern)))).flat();
}
