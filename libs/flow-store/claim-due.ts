import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardScript, shardScriptUrls } from "#libs/flow-store/epoch-guard.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { ClaimOptions, ClaimResult } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { readClockedScript } from "#libs/redis/clocked-script.ts";
import { toList, toNumber, toText } from "#libs/redis/reply.ts";

/** As for commits: a script's time is everybody's time. */
const LENT_COUNT_MAX = 512;

/**
 * Waits for a consumer that is away, yet a tick that was lost meanwhile, with the scheduler that took
 * it, is there again within a minute.
 */
export const LEASE_MS_MAX = 60_000;

export const claimDueScript = readClockedScript(...shardScriptUrls("armed", "claim-due"));
export const takeBackScript = shardScript("take-back");

/** See `FlowStore.claimDue`; `lentMax` is LENT_COUNT_MAX at most. */
export async function claimDue(
  { guard }: ShardAccess,
  shard: number,
  { callerNowMs, leaseMs, lentMax }: ClaimOptions,
): Promise<ClaimResult> {
  const before = guard.seen(shard);
  const { timers, armed, lent } = shardKeys(shard);
  const longestMs = Math.max(leaseMs, LEASE_MS_MAX);
  const limits = [leaseMs, longestMs, Math.min(lentMax, LENT_COUNT_MAX)];
  const call = { keys: [timers, armed, lent], args: limits.map(String), nowMs: callerNowMs };
  const reply = toList(await guard.call({ shard }, claimDueScript, call));
  const [fired, nextDueAt, nowMs, counter, token] = reply;
  const epoch = { shard, token: toText(token) };
  await guard.note(epoch, toNumber(counter), before);
  return {
    epoch,
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
  { guard }: ShardAccess,
  epoch: Epoch,
  messageIds: readonly string[],
): Promise<void> {
  if (messageIds.length === 0) return;
  const keys = [shardKeys(epoch.shard).lent];
  await guard.call(epoch, takeBackScript, { keys, args: messageIds });
}
