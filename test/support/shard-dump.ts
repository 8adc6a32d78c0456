// All that Redis holds of a shard, to be compared with what it should hold.
import { expect } from "vitest";
import { INDEX_KEEP_MS } from "#libs/flow-store/commit.ts";
import { closedShardStore } from "#libs/flow-store/connect-flow-store.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { accountKey, messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { OutboxEntry } from "#libs/flow-store/ports.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { toNumber, toPairs, toText } from "#libs/redis/reply.ts";
import type { Log } from "#libs/telemetry/log.ts";

export function withoutAge(entry: OutboxEntry) {
  if ("fault" in entry) throw new Error(entry.fault);
  const { entryId, counter, messages } = entry;
  const pairs = messages.map(
    (one) => [one.messageId, [one.version, one.outbox.toString("hex")]] as const,
  );
  return { entryId, counter, messages: new Map(pairs) };
}

/** Every key of Redis, as the model of the shard has it; `epoch` is the stored one, open or closed. */
export async function shardDump(
  redis: RedisConnection,
  epoch: Epoch,
  options: { shardCount: number; log: Log },
) {
  const { shard } = epoch;
  // As a restorer reads it.
  const reader = closedShardStore(redis, options, epoch);
  const { entries: held } = await reader.readOutbox(shard, { countMax: 1_000, minAgeMs: 0 });
  const client = redis.at("");
  const { counter, timers, lent } = shardKeys(shard);
  const prefix = messageKeys(shard, [""])[0]!;
  const indexPrefix = accountKey(shard, "");
  const shards = Array.from({ length: options.shardCount }, (_, each) => shardKeys(each));
  const opened = shards.flatMap((own) => [own.epoch, own.counter, own.armed, own.began]);
  const known = [...opened, ...Object.values(shardKeys(shard))];
  const allKeys = await client.keys("*");
  const indexKeys = allKeys.filter((key) => key.startsWith(indexPrefix));
  const indexes = await Promise.all(
    indexKeys.map(async (key) => {
      expect(await client.pttl(key)).toBeGreaterThan(INDEX_KEEP_MS - 3_600_000);
      const pairs = toPairs(await client.zrangeBuffer(key, "0", "-1", "WITHSCORES"));
      const listed = pairs.map(([id, at]) => [toText(id), toNumber(at)] as const);
      return [key.slice(indexPrefix.length), new Map(listed)] as const;
    }),
  );
  const keys = allKeys.filter((key) => key.startsWith(prefix));
  const messages = await Promise.all(
    keys.map(async (key) => {
      const value = (await client.getBuffer(key))!;
      const state = value.subarray(4).toString("hex");
      const isKept = (await client.pttl(key)) === -1;
      return [key.slice(prefix.length), { version: value.readUInt32BE(), state, isKept }] as const;
    }),
  );
  const timerIds = await client.zrange(timers, "-inf", "+inf", "BYSCORE");
  const dueTimes = await Promise.all(timerIds.map((id) => client.zscore(timers, id)));
  return {
    epoch: (await client.get(shardKeys(shard).epoch)) ?? "",
    counter: Number((await client.get(counter)) ?? 0),
    messages: new Map(messages),
    timers: new Map(timerIds.map((id, i) => [id, Number(dueTimes[i])])),
    lent: new Map(
      Object.entries(await client.hgetall(lent)).map(([id, kept]) => {
        const [dueAt, leaseEndsAt, leaseMs] = kept.split(" ").map(Number);
        return [id, { dueAt, leaseEndsAt, leaseMs }];
      }),
    ),
    outbox: held.map(withoutAge),
    indexes: new Map(indexes),
    strangers: allKeys.filter((key) => {
      return ![prefix, indexPrefix].some((each) => key.startsWith(each)) && !known.includes(key);
    }),
  };
}
