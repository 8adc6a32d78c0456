import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { LoadedShard, StoredMessage } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { decodeVersioned } from "#libs/flow-store/versioned.ts";
import { agree, type ClockReading } from "#libs/redis/clocks.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toEpochMs } from "#libs/redis/reply.ts";

/** See `FlowStore.load`. */
export async function load(
  access: ShardAccess,
  shard: number,
  messageIds: readonly string[],
): Promise<LoadedShard> {
  const { messages, clocks } = await readShard(access, shard, messageIds);
  return { nowMs: agree(clocks).laterMs, messages };
}

/** See `FlowStore.read`. */
export async function read(
  access: ShardAccess,
  shard: number,
  messageIds: readonly string[],
): Promise<StoredMessage[]> {
  return (await readShard(access, shard, messageIds)).messages;
}

/**
 * Messages and both clocks. The counter rides along: on a shard that lost writes an input may seem
 * to concern nobody, and whoever drops it would never see a commit refused.
 */
async function readShard(
  { redis: { client }, guard }: ShardAccess,
  shard: number,
  messageIds: readonly string[],
): Promise<{ messages: StoredMessage[]; clocks: ClockReading }> {
  const seenCounter = guard.seen(shard);
  const keys = [shardKeys(shard).counter, ...messageKeys(shard, messageIds)];
  const sentAtMs = Date.now();
  // Both leave in one write and are answered in order: one round trip.
  const replies = Promise.all([client.mgetBuffer(keys), client.time()]);
  const [[counter, ...states], time] = await redisReply(replies);
  guard.note(shard, seenCounter, Number(counter ?? 0));
  const clocks = { redisMs: toEpochMs(time), sentAtMs, answeredAtMs: Date.now() };
  const messages = messageIds.map((messageId, i) => toStoredMessage(messageId, states[i] ?? null));
  return { messages, clocks };
}

/** A message as its stored value says; null is a message that is not stored. */
export function toStoredMessage(messageId: string, value: Buffer | null): StoredMessage {
  if (value === null) return { messageId, version: 0, state: null };
  const { version, bytes } = decodeVersioned(value);
  return { messageId, version, state: bytes };
}
