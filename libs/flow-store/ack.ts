import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardScript } from "#libs/flow-store/epoch-guard.ts";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import { toStoredMessage } from "#libs/flow-store/load.ts";
import type { AckResult } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { toBytes, toList, toNumber, toPairs } from "#libs/redis/reply.ts";

export const ackScript = shardScript("ack");

export type PublishedMessage = { messageId: string; version: number };

/** Drops a published entry, or returns the messages that have moved on since; see ack.lua. */
export async function ack(
  { guard }: ShardAccess,
  epoch: Epoch,
  { entryId, published }: { entryId: string; published: readonly PublishedMessage[] },
): Promise<AckResult> {
  const messageIds = published.map(({ messageId }) => messageId);
  const keys = [shardKeys(epoch.shard).outbox, ...messageKeys(epoch.shard, messageIds)];
  const args = [entryId, ...published.map(({ version }) => String(version))];
  const [counter, ...newer] = toList(await guard.call(epoch, ackScript, { keys, args }));
  return {
    counter: toNumber(counter),
    newer: toPairs(newer).map(([index, state]) =>
      toStoredMessage(messageIds[toNumber(index)] ?? "", toBytes(state)),
    ),
  };
}
