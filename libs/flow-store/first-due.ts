import { shardKeys } from "#libs/flow-store/keys.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { toList, toNumber } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";

export const firstDueScript = readScript(new URL("lua/first-due.lua", import.meta.url));

/** See `FlowStore.firstDue`. */
export async function firstDue(
  { redis }: ShardAccess,
  shards: readonly number[],
): Promise<(number | null)[]> {
  const groups = redis.together(shards, (shard) => shardKeys(shard).timers);
  const asked = groups.map(async (group) => {
    const keys = group.map(shardKeys).flatMap(({ timers, lent }) => [timers, lent]);
    const reply = toList(await runScript(redis, firstDueScript, { keys, args: [] }));
    return group.map(
      (shard, at) => [shard, reply[at] === null ? null : toNumber(reply[at])] as const,
    );
  });
  const found = new Map((await Promise.all(asked)).flat());
  return shards.map((shard) => found.get(shard) ?? null);
}
