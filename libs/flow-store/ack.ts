import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import { toStoredMessage } from "#libs/flow-store/load.ts";
import type { StoredMessage } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { toBytes, toNumber, toPairs } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";

export const ackScript = readScript(new URL("lua/ack.lua", import.meta.url));

export type PublishedMessage = { messageId: string; version: number };

/** Drops a published entry, or returns the messages that have moved on since; see ack.lua. */
export async function ack(
  { redis }: ShardAccess,
  shard: number,
  { entryId, published }: { entryId: string; published: readonly PublishedMessage[] },
): Promise<StoredMessage[]> {
  const messageIds = published.map(({ messageId }) => messageId);
  const keys = [shardKeys(shard).outbox, ...messageKeys(shard, messageIds)];
  const args = [entryId, ...published.map(({ version }) => String(version))];
  const newer = await runScript(redis, ackScript, { keys, args });
  return toPairs(newer).map(([index, state]) =>
    toStoredMessage(messageIds[toNumber(index)] ?? "", toBytes(state)),
  );
}
