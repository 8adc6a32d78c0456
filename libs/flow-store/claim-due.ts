import { shardKeys } from "#libs/flow-store/keys.ts";
import type { ClaimOptions, ClaimResult } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { readClockedScript, runClockedScript } from "#libs/redis/clocked-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toList, toNumber, toText } from "#libs/redis/reply.ts";

/** As for commits: a script's time is everybody's time. */
const LENT_COUNT_MAX = 512;

/**
 * Waits for a consumer that is away, yet a tick that was lost meanwhile, with the scheduler that took
 * it, is there again within a minute.
 */
export const LEASE_MS_MAX = 60_000;

export const claimDueScript = readClockedScript(new URL("lua/claim-due.lua", import.meta.url));

/** See `FlowStore.claimDue`; `lentMax` is LENT_COUNT_MAX at most. */
export async function claimDue(
  { redis, guard }: ShardAccess,
  shard: number,
  { callerNowMs, leaseMs, lentMax }: ClaimOptions,
): Promise<ClaimResult> {
  const { timers, counter, lent } = shardKeys(shard);
  const seenCounter = guard.seen(shard);
  const longestMs = Math.max(leaseMs, LEASE_MS_MAX);
  const limits = [leaseMs, longestMs, Math.min(lentMax, LENT_COUNT_MAX)];
  const call = runClockedScript(redis, claimDueScript, {
    keys: [timers, counter, lent],
    args: [seenCounter, ...limits].map(String),
    nowMs: callerNowMs,
  });
  const [fired, nextDueAt, nowMs, counterNow] = toList(
    await guard.refusal(shard, seenCounter, call),
  );
  guard.note(shard, seenCounter, toNumber(counterNow));
  return {
    due: toDue(toList(fired)),
    nextDueAt: nextDueAt === null ? null : toNumber(nextDueAt),
    nowMs: toNumber(nowMs),
  };
}

function toDue(fired: readonly unknown[]): ClaimResult["due"] {
  return Array.from({ length: fired.length / 3 }, (_, i) => ({
    messageId: toText(fired[3 * i]),
    dueAt: toNumber(fired[3 * i + 1]),
    leaseEndsAt: toNumber(fired[3 * i + 2]),
  }));
}

/** See `FlowStore.takeBack`. */
export async function takeBack(
  { redis: { client } }: ShardAccess,
  shard: number,
  messageIds: readonly string[],
): Promise<void> {
  if (messageIds.length === 0) return;
  await redisReply(client.hdel(shardKeys(shard).lent, ...messageIds));
}
