import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardScript } from "#libs/flow-store/epoch-guard.ts";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { TimerPlace } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { toNumber } from "#libs/redis/reply.ts";

export const rearmScript = shardScript("armed", "rearm");

/** Moves timers, or takes them away; see `FlowStore.rearm`. */
export async function rearm(
  { guard }: ShardAccess,
  epoch: Epoch,
  timers: readonly TimerPlace[],
): Promise<number> {
  const messageIds = timers.map(({ messageId }) => messageId);
  const { timers: set, armed } = shardKeys(epoch.shard);
  const keys = [set, armed, ...messageKeys(epoch.shard, messageIds)];
  const args = timers.flatMap(({ messageId, version, dueAt }) => {
    return [messageId, String(version), String(dueAt ?? "")];
  });
  return toNumber(await guard.call(epoch, rearmScript, { keys, args }));
}
