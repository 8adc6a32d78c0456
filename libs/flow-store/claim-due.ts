import { shardKeys } from "#libs/flow-store/keys.ts";
import type { ClaimResult } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { toList, toNumber, toPairs, toText } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";

/** As for commits: a script's time is everybody's time. */
const CLAIM_COUNT_MAX = 512;

export const claimDueScript = readScript(new URL("lua/claim-due.lua", import.meta.url));

export type ClaimOptions = { callerNowMs: number; leaseMs: number; countMax: number };

/** Takes up to `countMax` (CLAIM_COUNT_MAX at most) due timers; throws LostWritesError. */
export async function claimDue(
  { redis, guard }: ShardAccess,
  shard: number,
  { callerNowMs, leaseMs, countMax }: ClaimOptions,
): Promise<ClaimResult> {
  const { timers, counter } = shardKeys(shard);
  const seenCounter = guard.seen(shard);
  const limit = Math.min(countMax, CLAIM_COUNT_MAX);
  const args = [seenCounter, callerNowMs, leaseMs, limit].map(String);
  const call = runScript(redis, claimDueScript, { keys: [timers, counter], args });
  const [due, nextDueAt, nowMs, counterNow] = toList(await guard.refusal(shard, seenCounter, call));
  guard.note(shard, seenCounter, toNumber(counterNow));
  return {
    due: toPairs(due).map(([id, dueAt]) => ({ messageId: toText(id), dueAt: toNumber(dueAt) })),
    nextDueAt: nextDueAt === null ? null : toNumber(nextDueAt),
    nowMs: toNumber(nowMs),
  };
}
