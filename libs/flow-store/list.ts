// The list of an account's messages: one sorted set per shard, written by the commits themselves, so
// that no message is missing from it.
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardScript } from "#libs/flow-store/epoch-guard.ts";
import { accountKey } from "#libs/flow-store/keys.ts";
import type { ListedMessage, ListRange } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { toNumber, toPairs, toText } from "#libs/redis/reply.ts";

/**
 * More are only needed where a shard has this many pages of messages of one and the same ms, which
 * a sender can do who says when it asked. Those beyond are left out.
 */
const ROUND_COUNT_MAX = 200;

export const listScript = shardScript("list");
export const unlistScript = shardScript("unlist");

type Owner = { accountId: string; shardCount: number };

/** Every shard's newest messages in one round trip, merged; see `FlowStore.list`. */
export async function listMessages(
  access: ShardAccess,
  { accountId, shardCount }: Owner,
  range: ListRange,
): Promise<ListedMessage[]> {
  const shards = Array.from({ length: shardCount }, (_, shard) => shard);
  const lists = await Promise.all(
    shards.map((shard) => readIndex(access, { shard, accountId }, range)),
  );
  return lists.flat().toSorted(newestFirst).slice(0, range.countMax);
}

/** Takes messages off the list; see `FlowStore.unlist`. */
export async function unlistMessages(
  { guard }: ShardAccess,
  epoch: Epoch,
  { accountId, messageIds }: { accountId: string; messageIds: readonly string[] },
): Promise<void> {
  const keys = [accountKey(epoch.shard, accountId)];
  await guard.call(epoch, unlistScript, { keys, args: messageIds });
}

/** Reads on where the messages of the cursor's own ms fill a whole page before it. */
async function readIndex(
  { guard }: ShardAccess,
  { shard, accountId }: { shard: number; accountId: string },
  { fromMs, toMs, after, countMax }: ListRange,
): Promise<ListedMessage[]> {
  const keys = [accountKey(shard, accountId)];
  const newestMs = Math.min(toMs, after?.at ?? toMs);
  const listed: ListedMessage[] = [];
  for (let round = 0; round < ROUND_COUNT_MAX && listed.length < countMax; round++) {
    const args = [newestMs, fromMs, round * countMax, countMax].map(String);
    const found = toPairs(await guard.call({ shard }, listScript, { keys, args }));
    const messages = found.map(([id, at]) => ({ messageId: toText(id), at: toNumber(at) }));
    listed.push(...messages.filter((one) => after === null || newestFirst(after, one) < 0));
    if (found.length < countMax) break;
  }
  return listed;
}

/** As Redis sorts downwards: by instant, then by the bytes of the id. */
function newestFirst(a: ListedMessage, b: ListedMessage): number {
  return b.at - a.at || Buffer.compare(Buffer.from(b.messageId), Buffer.from(a.messageId));
}
