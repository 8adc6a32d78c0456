import { shardScript } from "#libs/flow-store/epoch-guard.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { TimerPage } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { toList, toNumber, toPairs, toText } from "#libs/redis/reply.ts";

export const scanTimersScript = shardScript("scan-timers");

/** About so many timers in a page: their messages are loaded together. */
const PAGE_COUNT = 256;

/** See `FlowStore.scanTimers`. */
export async function scanTimers(
  { guard }: ShardAccess,
  shard: number,
  cursor: string,
): Promise<TimerPage> {
  const keys = [shardKeys(shard).timers];
  const args = [cursor, String(PAGE_COUNT)];
  const reply = await guard.call({ shard }, scanTimersScript, { keys, args });
  const [token, next, found] = toList(reply);
  const timers = toPairs(found).map(([id, dueAt]) => {
    return { messageId: toText(id), dueAt: toNumber(dueAt) };
  });
  return { epoch: { shard, token: toText(token) }, cursor: toText(next), timers };
}
