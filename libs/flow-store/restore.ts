import type { RestoredMessage } from "#libs/flow-store/closed-shards.ts";
import { INDEX_KEEP_MS } from "#libs/flow-store/commit.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardScript, storedEpoch } from "#libs/flow-store/epoch-guard.ts";
import { accountKey, messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import { packRestored } from "#libs/flow-store/pack-restored.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { toNumber } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";

export const restoreScript = shardScript("restore");

/** A script of so many takes 1 to 2 ms; nobody else works on a closed shard, but others' share that Redis. */
export const RESTORED_COUNT_MAX = 256;

/** See `FlowStore.restore`. */
export async function restore(
  { redis, guard }: ShardAccess,
  closed: Epoch,
  messages: readonly RestoredMessage[],
): Promise<number> {
  const { shard } = closed;
  const own = shardKeys(shard);
  const accountIds = [...new Set(messages.flatMap(({ indexed }) => indexed?.accountId ?? []))];
  const indexKeys = accountIds.map((accountId) => accountKey(shard, accountId));
  const keys = [own.epoch, own.counter, own.timers, own.restored, ...indexKeys];
  const counter = Math.max(...messages.map((one) => one.counter));
  const [prefix = ""] = messageKeys(shard, [""]);
  const known = [closed.token, "0 ", String(INDEX_KEEP_MS), String(counter), prefix];
  try {
    const args = [...known, packRestored(messages, accountIds)];
    const restoring = runScript(redis, restoreScript, { keys, args });
    return toNumber(await guard.unlessOdd(shard, restoring));
  } catch (error) {
    const stored = storedEpoch(error);
    throw stored === null ? error : new ShardClosedError(shard, stored, true);
  }
}
