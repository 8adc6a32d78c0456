import { ConfigError } from "#libs/config/read-env.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { createEpochGuard } from "#libs/flow-store/epoch-guard.ts";
import { createFlowStore, FLOW_STORE_SCRIPTS } from "#libs/flow-store/flow-store.ts";
import { SHARD_COUNT_KEY } from "#libs/flow-store/keys.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { loadScripts } from "#libs/redis/script.ts";
import type { Log } from "#libs/telemetry/log.ts";

/**
 * A flow store on a connection that the caller owns and disposes. The first one ever fixes the
 * number of shards. Throws ConfigError if `shardCount` is another one: every message would be
 * looked for in the wrong shard.
 */
export async function connectFlowStore(
  redis: RedisConnection,
  { shardCount, log }: { shardCount: number; log: Log },
): Promise<FlowStore> {
  await fixShardCount(redis, shardCount);
  await loadScripts(redis, FLOW_STORE_SCRIPTS);
  return createFlowStore(
    { redis, guard: createEpochGuard({ redis, shardCount, log }) },
    shardCount,
  );
}

/**
 * The same store for whoever restores: of the closed shard it works on that epoch and no other, so that
 * once the shard is opened by anybody every call for it is refused.
 */
export function closedShardStore(
  redis: RedisConnection,
  { shardCount, log }: { shardCount: number; log: Log },
  closed: Epoch,
): FlowStore {
  const guard = createEpochGuard({ redis, shardCount, log }, closed);
  return createFlowStore({ redis, guard }, shardCount);
}

/** Notes how many shards there are, or throws ConfigError where there are others. */
export async function fixShardCount(redis: RedisConnection, shardCount: number): Promise<void> {
  const node = redis.at(SHARD_COUNT_KEY);
  const [, stored] = await Promise.all([
    redisReply(node.set(SHARD_COUNT_KEY, shardCount, "NX")),
    redisReply(node.get(SHARD_COUNT_KEY)),
  ]);
  if (Number(stored) === shardCount) return;
  throw new ConfigError([
    `SHARD_COUNT is ${shardCount}, but this Redis was set up with ${stored} shards; it cannot be changed there. More shards take a new, empty Redis, into which the journal is restored.`,
  ]);
}
