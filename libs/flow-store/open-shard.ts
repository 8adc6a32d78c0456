// Opening shards. Whoever does it has made sure that a shard holds all that the journal tells of it.
import type { InspectedShard } from "#libs/flow-store/closed-shards.ts";
import { type Epoch, epochName, lostWhole, nextToken, openedAt } from "#libs/flow-store/epoch.ts";
import { closeScript, shardScript, storedEpoch } from "#libs/flow-store/epoch-guard.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { agree } from "#libs/redis/clocks.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toEpochMs, toList, toNumber, toText } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";

export const openScript = shardScript("open");
export const inspectScript = readScript(new URL("lua/inspect.lua", import.meta.url));

/** See `FlowStore.inspect`. */
export async function inspectShard(
  { redis, guard }: ShardAccess,
  shard: number,
): Promise<InspectedShard> {
  const { epoch, counter, outbox, timers, armed } = shardKeys(shard);
  const server = redis.server(epoch);
  const call = { keys: [epoch, counter, outbox, timers, armed], args: [] };
  const sentAtMs = Date.now();
  const reply = await guard.unlessOdd(shard, runScript(redis, inspectScript, call));
  const [token, count, lastId, entryCount, missing, time] = toList(reply);
  const found = { shard, token: toText(token) };
  return {
    epoch: found,
    server,
    isOpen: found.token.endsWith(` ${server}`),
    counter: toNumber(count),
    lastEntryId: toText(lastId),
    entryCount: toNumber(entryCount),
    missingTimerCount: toNumber(missing),
    clocks: { redisMs: toEpochMs(time), sentAtMs, answeredAtMs: Date.now() },
  };
}

/** See `FlowStore.markEmpty`. */
export function markEmpty(access: ShardAccess, shard: number): Promise<void> {
  return closeShard(access, { shard, token: "" }, lostWhole());
}

/** See `FlowStore.close`. `how` stands in place of the server. */
export async function closeShard(
  { redis, guard }: ShardAccess,
  { shard, token }: Epoch,
  how: string,
): Promise<void> {
  const { epoch, counter } = shardKeys(shard);
  const call = { keys: [epoch, counter], args: [token, "0 ", how] };
  await guard.unlessOdd(shard, runScript(redis, closeScript, call)).catch((error: unknown) => {
    if (storedEpoch(error) === null) throw error;
  });
}

/** See `FlowStore.open`. */
export async function openShard(
  access: ShardAccess,
  { epoch: closed, server }: Pick<InspectedShard, "epoch" | "server">,
  { counter, lastEpoch }: { counter: number; lastEpoch: string },
): Promise<Epoch> {
  const { redis, guard } = access;
  const { shard } = closed;
  const own = shardKeys(shard);
  const nowMs = await agreedNow(access, own.epoch);
  // Who answers now may lack what was restored, and still have the closed epoch.
  if (redis.server(own.epoch) !== server) throw new ShardClosedError(shard, closed.token);
  const token = nextToken([epochName(closed), lastEpoch], server, nowMs);
  const keys = [own.epoch, own.counter, own.restored, own.began, own.outbox];
  const args = [closed.token, "0 ", token, String(counter), String(openedAt({ token }))];
  try {
    await guard.unlessOdd(shard, runScript(redis, openScript, { keys, args }));
  } catch (error) {
    const stored = storedEpoch(error);
    throw stored === null ? error : new ShardClosedError(shard, stored, true);
  }
  return { shard, token };
}

/**
 * This process' clock, epoch ms. An epoch's name outlives whatever a clock that was far ahead has said, in the names of all
 * that follow: throws ClockSkewError where the two are too far apart.
 */
async function agreedNow({ redis }: ShardAccess, key: string): Promise<number> {
  const sentAtMs = Date.now();
  const redisMs = toEpochMs(await redisReply(redis.at(key).time()));
  const answeredAtMs = Date.now();
  agree({ redisMs, sentAtMs, answeredAtMs });
  return answeredAtMs;
}
