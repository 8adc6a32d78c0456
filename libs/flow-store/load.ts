import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { LoadedShard, ReadMessages, StoredMessage } from "#libs/flow-store/ports.ts";
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
  const { clocks, ...found } = await readShard(access, shard, messageIds);
  const { earlierMs, laterMs } = agree(clocks);
  return { ...found, nowMs: laterMs, apartMs: laterMs - earlierMs };
}

/** See `FlowStore.read`. */
export async function read(
  access: ShardAccess,
  shard: number,
  messageIds: readonly string[],
): Promise<ReadMessages> {
  const { epoch, counter, beganAt, messages } = await readShard(access, shard, messageIds);
  return { epoch, counter, beganAt, messages };
}

/**
 * Messages and both clocks. Epoch and counter ride along: on a shard that lost writes an input may
 * seem to concern nobody, and whoever drops it would never see a commit refused.
 */
async function readShard(
  { redis, guard }: ShardAccess,
  shard: number,
  messageIds: readonly string[],
): Promise<ReadMessages & { clocks: ClockReading }> {
  const before = guard.seen(shard);
  const own = shardKeys(shard);
  const keys = [own.epoch, own.counter, own.began, ...messageKeys(shard, messageIds)];
  const sentAtMs = Date.now();
  // Both leave in one write and are answered in order: one round trip.
  const node = redis.at(own.epoch);
  const replies = Promise.all([node.mgetBuffer(keys), node.time()]);
  const [[token, stored, began, ...states], time] = await redisReply(replies);
  const epoch = { shard, token: token?.toString() ?? "" };
  const counter = Number(stored ?? 0);
  await guard.note(epoch, stored ? counter : null, before);
  const clocks = { redisMs: toEpochMs(time), sentAtMs, answeredAtMs: Date.now() };
  const messages = messageIds.map((messageId, i) => toStoredMessage(messageId, states[i] ?? null));
  return { epoch, counter, beganAt: Number(began ?? 0), messages, clocks };
}

/** A message as its stored value says; null is a message that is not stored. */
export function toStoredMessage(messageId: string, value: Buffer | null): StoredMessage {
  if (value === null) return { messageId, version: 0, state: null };
  const { version, bytes } = decodeVersioned(value);
  return { messageId, version, state: bytes };
}
