// Every Redis key of the flow store. One hash tag per shard: on Redis Cluster a shard's keys live
// in one slot, as its scripts need.

/** Holds how many shards this Redis was set up with. */
export const SHARD_COUNT_KEY = "ft:shard-count";

/**
 * A shard's epoch, counter, timers, how many there are, those of them that are lent, and outbox; while it is restored,
 * where each message's record stands; and when its scheduled messages were last written to the journal again.
 */
export function shardKeys(shard: number) {
  const tag = shardTag(shard);
  return {
    epoch: `${tag}:epoch`,
    counter: `${tag}:counter`,
    timers: `${tag}:timers`,
    armed: `${tag}:armed`,
    lent: `${tag}:lent`,
    outbox: `${tag}:outbox`,
    restored: `${tag}:restored`,
    began: `${tag}:began`,
    rewritten: `${tag}:rewritten`,
  };
}

/** The keys of messages' states. */
export function messageKeys(shard: number, messageIds: readonly string[]): string[] {
  const prefix = `${shardTag(shard)}:m:`;
  return messageIds.map((messageId) => prefix + messageId);
}

/** The index of an account's messages in a shard. */
export function accountKey(shard: number, accountId: string): string {
  return `${shardTag(shard)}:by-account:${accountId}`;
}

/** A pattern of every key of a shard, for who looks at Redis. */
export function keysOfShard(shard: number): string {
  return `${shardTag(shard)}:*`;
}

function shardTag(shard: number): string {
  return `ft:{${String(shard).padStart(2, "0")}}`;
}
