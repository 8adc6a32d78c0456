// A shard's own keys hold what its scripts have put there. Where somebody has written something else over one, every
// call would fail as if what it was made for were odd: requests would become dead letters, and one such shard would
// keep all others from being restored.
import { LOST } from "#libs/flow-store/epoch.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { errorReply } from "#libs/redis/redis-fault.ts";
import { toList, toNumber, toText } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";
import type { Log } from "#libs/telemetry/log.ts";

export const dropOddScript = readScript(new URL("lua/drop-odd.lua", import.meta.url));

const HOLDS: Readonly<Record<keyof ReturnType<typeof shardKeys>, string>> = {
  epoch: "string",
  counter: "number",
  timers: "zset",
  armed: "string",
  lent: "hash",
  outbox: "stream",
  restored: "hash",
  began: "number",
  rewritten: "number",
};

/** Also what a script says that has read a number. */
const ODD_REPLY = /WRONGTYPE|is not a number/;

/**
 * The reply of a call to a shard. Where that met what is nothing of ours in one of the shard's own keys, the key is taken
 * away and the shard closed for everybody: throws ShardClosedError then.
 */
export async function unlessOdd<Reply>(
  reply: Promise<Reply>,
  shard: number,
  { redis, log }: { redis: RedisConnection; log: Log },
): Promise<Reply> {
  try {
    return await reply;
  } catch (error) {
    if (!ODD_REPLY.test(errorReply(error) ?? "")) throw error;
    const { epoch, ...others } = shardKeys(shard);
    const { epoch: held, ...holds } = HOLDS;
    const call = {
      keys: [epoch, ...Object.values(others)],
      args: [LOST, held, ...Object.values(holds)],
    };
    const [oddCount, token] = toList(await runScript(redis, dropOddScript, call));
    if (toNumber(oddCount) === 0) throw error;
    log.error({ shard, err: error }, "a key of a shard held nothing of ours; it is closed");
    throw new ShardClosedError(shard, toText(token));
  }
}
