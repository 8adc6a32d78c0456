// One sender's rate over all dispatchers of its channel.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { toNumber } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";
import { rateKey } from "./keys.ts";

export const reserveScript = readScript(new URL("lua/reserve.lua", import.meta.url));

/** What may go at once after a pause, as a part of a second's calls. */
const BURST_SECONDS = 0.1;

/** Reserves one call of a sender; resolves with how long to wait before it, in ms. */
export type ReserveCall = (sender: string) => Promise<number>;

export function rateLimit(
  redis: RedisConnection,
  { channel, perSecond }: { channel: string; perSecond: number },
): ReserveCall {
  const burstCount = Math.max(1, Math.floor(perSecond * BURST_SECONDS));
  const args = [String(Math.round(1_000_000 / perSecond)), String(burstCount)];
  return async (sender) =>
    toNumber(await runScript(redis, reserveScript, { keys: [rateKey(channel, sender)], args }));
}
