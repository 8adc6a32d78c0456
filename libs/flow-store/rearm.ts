import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { TimerPlace } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { toNumber } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";

export const rearmScript = readScript(new URL("lua/rearm.lua", import.meta.url));

/** Moves timers, or takes them away; see `FlowStore.rearm`. */
export async function rearm(
  { redis }: ShardAccess,
  shard: number,
  timers: readonly TimerPlace[],
): Promise<number> {
  const messageIds = timers.map(({ messageId }) => messageId);
  const keys = [shardKeys(shard).timers, ...messageKeys(shard, messageIds)];
  const args = timers.flatMap(({ messageId, version, dueAt }) => {
    return [messageId, String(version), String(dueAt ?? "")];
  });
  return toNumber(await runScript(redis, rearmScript, { keys, args }));
}
