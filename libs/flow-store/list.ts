// The list of an account's messages: one sorted set per shard, written by the commits themselves, so
// that no message is missing from it.
import { accountKey } from "#libs/flow-store/keys.ts";
import type { ListedMessage, ListRange } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { shardOf } from "#libs/flow-store/shard-of.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toNumber, toPairs, toText } from "#libs/redis/reply.ts";

/**
 * More are only needed where a shard has this many pages of messages of one and the same ms, which
 * a sender can do who says when it asked. Those beyond are left out.
 */
const ROUND_COUNT_MAX = 200;

type Owner = { accountId: string; shardCount: number };

/** Every shard's newest messages in one round trip, merged; see `FlowStore.list`. */
export async function listMessages(
  access: ShardAccess,
  { accountId, shardCount }: Owner,
  range: ListRange,
): Promise<ListedMessage[]> {
  const keys = Array.from({ length: shardCount }, (_, shard) => accountKey(shard, accountId));
  const lists = await Promise.all(keys.map((key) => readIndex(access, key, range)));
  return lists.flat().toSorted(newestFirst).slice(0, range.countMax);
}

/** Takes messages off the list, in one round trip. */
export async function unlistMessages(
  { redis: { client } }: ShardAccess,
  { accountId, shardCount }: Owner,
  messageIds: readonly string[],
): Promise<void> {
  const shards = Map.groupBy(messageIds, (messageId) => shardOf(messageId, shardCount));
  const removals = [...shards].map(([shard, ids]) =>
    redisReply(client.zrem(accountKey(shard, accountId), ...ids)),
  );
  await Promise.all(removals);
}

/** Reads on where the messages of the cursor's own ms fill a whole page before it. */
async function readIndex(
  { redis: { client } }: ShardAccess,
  key: string,
  { fromMs, toMs, after, countMax }: ListRange,
): Promise<ListedMessage[]> {
  const newestMs = Math.min(toMs, after?.at ?? toMs);
  const listed: ListedMessage[] = [];
  for (let round = 0; round < ROUND_COUNT_MAX && listed.length < countMax; round++) {
    const page = ["LIMIT", round * countMax, countMax] as const;
    const range = [key, newestMs, fromMs, "WITHSCORES", ...page] as const;
    const found = toPairs(await redisReply(client.zrevrangebyscoreBuffer(...range)));
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
