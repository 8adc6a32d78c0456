// Whose turn it is to ask a provider for receipts: one process asks at a time, and none before its time.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { pollKey } from "./keys.ts";

export type PollTurns = {
  /** True if nobody else has the turn, and it is time. Throws RetriableError while Redis is away. */
  take(guid: string): Promise<boolean>;
  /** Holds it for as long again. */
  keep(guid: string): Promise<void>;
  /** Gives it back; the next begins after `againMs`. */
  end(guid: string, againMs: number): Promise<void>;
};

/**
 * A turn that its process does not end is over after `leaseMs`. Should two overlap all the same, no receipt is
 * read twice: a provider hands each out once.
 */
export function pollTurns(
  redis: Pick<RedisConnection, "at">,
  { channel, leaseMs }: { channel: string; leaseMs: number },
): PollTurns {
  const lease = async (guid: string, ms: number) => {
    const key = pollKey(channel, guid);
    await redisReply(redis.at(key).pexpire(key, Math.max(1, Math.round(ms))));
  };
  return {
    async take(guid) {
      const key = pollKey(channel, guid);
      return (await redisReply(redis.at(key).set(key, "1", "PX", leaseMs, "NX"))) !== null;
    },
    keep: (guid) => lease(guid, leaseMs),
    end: lease,
  };
}
