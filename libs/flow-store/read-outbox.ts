import { shardKeys } from "#libs/flow-store/keys.ts";
import type { OutboxEntry } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { VERSION_BYTES } from "#libs/flow-store/versioned.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toBytes, toEpochMs, toNumber, toPairs, toText } from "#libs/redis/reply.ts";

/** The oldest entries of a shard's outbox: what was committed and not yet acknowledged. */
export async function readOutbox(
  { redis: { client } }: ShardAccess,
  shard: number,
  { countMax, minAgeMs }: { countMax: number; minAgeMs: number },
): Promise<OutboxEntry[]> {
  const { outbox } = shardKeys(shard);
  const nowMs = toEpochMs(await redisReply(client.time()));
  // An id begins with its ms, so the range asks for the age alone and live entries stay unread.
  const newest = String(nowMs - minAgeMs);
  const stored = await redisReply(client.xrangeBuffer(outbox, "-", newest, "COUNT", countMax));
  return stored.map(([id, fields]) => toOutboxEntry(toText(id), toPairs(fields), nowMs));
}

/** An entry's first two pairs are its counter and versions; the others are messageId -> bytes. */
function toOutboxEntry(
  entryId: string,
  [counter, versions, ...messages]: [unknown, unknown][],
  nowMs: number,
): OutboxEntry {
  const versionBytes = toBytes(versions?.[1]);
  return {
    entryId,
    // Redis makes an entry's id from its own clock in ms; after a step back it may seem younger.
    ageMs: Math.max(0, nowMs - Number.parseInt(entryId, 10)),
    counter: toNumber(counter?.[1]),
    messages: messages.map(([id, bytes], index) => {
      const version = versionBytes.readUInt32BE(index * VERSION_BYTES);
      return { messageId: toText(id), version, outbox: toBytes(bytes) };
    }),
  };
}
