import { INDEX_KEEP_MS } from "#libs/flow-store/commit.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardScript, storedEpoch } from "#libs/flow-store/epoch-guard.ts";
import { accountKey, messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { RestoredMessage } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { encodeVersioned } from "#libs/flow-store/versioned.ts";
import { toNumber } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";

export const restoreScript = shardScript("restore");

/** A script of so many takes 2 to 3 ms; nobody else works on a closed shard, but others' share that Redis. */
export const RESTORED_COUNT_MAX = 256;

/** See `FlowStore.restore`. */
export async function restore(
  { redis }: ShardAccess,
  closed: Epoch,
  messages: readonly RestoredMessage[],
): Promise<number> {
  const { shard } = closed;
  const own = shardKeys(shard);
  const indexes = messages.flatMap(({ indexed }) => indexed ?? []);
  const ids = messages.map(({ messageId }) => messageId);
  const shardOnes = [own.epoch, own.counter, own.timers, own.restored];
  const indexKeys = indexes.map(({ accountId }) => accountKey(shard, accountId));
  const keys = [...shardOnes, ...messageKeys(shard, ids), ...indexKeys];
  const counter = Math.max(...messages.map((one) => one.counter));
  const known = [closed.token, "0 ", String(INDEX_KEEP_MS), String(counter)];
  try {
    const args = [...known, ...messages.flatMap(toArgs)];
    return toNumber(await runScript(redis, restoreScript, { keys, args }));
  } catch (error) {
    const stored = storedEpoch(error);
    throw stored === null ? error : new ShardClosedError(shard, stored, true);
  }
}

function toArgs(message: RestoredMessage): (string | Buffer)[] {
  const { messageId, epoch, counter, version, state, dueAt, keepMs, indexed } = message;
  const times = [dueAt, keepMs, indexed?.at].map((time) => String(time ?? ""));
  return [messageId, epoch, String(counter), encodeVersioned(version, state), ...times];
}
