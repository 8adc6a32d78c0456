import type { EpochGuard } from "#libs/flow-store/epoch-guard.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";

/** What every call of the flow store works with. */
export type ShardAccess = { redis: RedisConnection; guard: EpochGuard };
