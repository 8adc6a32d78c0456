import { dispatchKeys } from "#libs/dispatch-store/keys.ts";
import { dispatchLanes, type Lanes } from "#libs/dispatch-store/lanes.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { openStores, storesNow } from "#libs/redis/open-script.ts";

/** Lanes of a channel whose store is open: what goes first on a connection is done first. */
export function openLanes(
  redis: RedisConnection,
  options: Parameters<typeof dispatchLanes>[1],
): Lanes {
  const keys = dispatchKeys(options.channel).slice(0, 1);
  void openStores(redis, storesNow(redis, keys));
  return dispatchLanes(redis, options);
}
