// Opening shards. Whoever does it has made sure that a shard holds all that the journal tells of it.

import type { InspectedShard } from "#libs/flow-store/closed-shards.ts";
import { type Epoch, epochName, lostWhole, nextToken, openedAt } from "#libs/flow-store/epoch.ts";
import { closeScript, shardScript, storedEpoch } from "#libs/flow-store/epoch-guard.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { toList, toNumber, toText } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";

export const openScript = shardScript("open");
export const inspectScript = readScript(new URL("lua/inspect.lua", import.meta.url));

/** See `FlowStore.inspect`. */
export async function inspectShard(
  { redis, guard }: ShardAccess,
  shard: number,
): Promise<InspectedShard> {
  const { epoch, counter, outbox } = shardKeys(shard);
  const server = redis.server(epoch);
  const call = { keys: [epoch, counter, outbox], args: [] };
  const reply = await guard.unlessOdd(shard, runScript(redis, inspectScript, call));
  const [token, count, lastId, entryCount] = toList(reply);
  const found = { shard, token: toText(token) };
  return {
    epoch: found,
    server,
    isOpen: found.token.endsWith(` ${server}`),
    counter: toNumber(count),
    lastEntryId: toText(lastId),
    entryCount: toNumber(entryCount),
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
  { redis, guard }: ShardAccess,
  { epoch: closed, server }: Pick<InspectedShard, "epoch" | "server">,
  { counter, lastEpoch }: { counter: number; lastEpoch: string },
): Promise<Epoch> {
  const { shard } = closed;
  const own = shardKeys(shard);
  // Who answers now may lack what was restored, and still have the closed epoch.
  if (redis.server(own.epoch) !== server) throw new ShardClosedError(shard, closed.token);
  const token = nextToken([epochName(closed), lastEpoch], server, Date.now());
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
