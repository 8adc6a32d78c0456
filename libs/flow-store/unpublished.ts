import { shardScript } from "#libs/flow-store/epoch-guard.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { ReadMessages } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { toList, toPairs, toText } from "#libs/redis/reply.ts";

/** Of 512 messages each, as many as keep a script as short as a commit. */
const PAGE_COUNT = 8;

export const unpublishedScript = shardScript("unpublished");

/** See `FlowStore.unpublished`. What is committed meanwhile has higher counters, so there is an end. */
export async function unpublished(
  { guard }: ShardAccess,
  { epoch, counter }: Pick<ReadMessages, "epoch" | "counter">,
  messageIds: readonly string[],
): Promise<Map<string, string>> {
  const keys = [shardKeys(epoch.shard).outbox];
  const held = new Map<string, string>();
  for (let from: string | null = "-"; from !== null; ) {
    const args: string[] = [from, String(PAGE_COUNT), String(counter), ...messageIds];
    const [next, found] = toList(await guard.call(epoch, unpublishedScript, { keys, args }));
    for (const [id, entryId] of toPairs(found)) {
      const messageId = toText(id);
      if (!held.has(messageId)) held.set(messageId, toText(entryId));
    }
    from = next === null ? null : toText(next);
  }
  return held;
}
