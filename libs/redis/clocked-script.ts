// Scripts that go by time: each is given the caller's clock and refuses where Redis' is far from it.
import { RetriableError } from "#libs/errors.ts";
import { agree, CLOCK_SKEW_MAX_MS } from "#libs/redis/clocks.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript, type Script } from "#libs/redis/read-script.ts";
import { errorReply } from "#libs/redis/redis-fault.ts";
import { runScript, type ScriptCall } from "#libs/redis/script.ts";

const twoClocks = new URL("lua/two-clocks.lua", import.meta.url);

/** `readScript` for one that goes by `earlier_ms` and `later_ms`; run it by `runClockedScript`. */
export function readClockedScript(...urls: URL[]): Script {
  return readScript(twoClocks, ...urls);
}

/**
 * `runScript` by both clocks; the caller's is `nowMs`, epoch ms. Throws ClockSkewError, with nothing
 * done, where they are too far apart, and RetriableError for a call that Redis took so late that its
 * caller has given it up.
 */
export async function runClockedScript(
  redis: RedisConnection,
  script: Script,
  { keys, args, nowMs = Date.now() }: ScriptCall & { nowMs?: number },
): Promise<unknown> {
  const clocked = [...args, String(nowMs), String(CLOCK_SKEW_MAX_MS)];
  try {
    return await runScript(redis, script, { keys, args: clocked });
  } catch (error) {
    const [code, redisMs] = errorReply(error)?.split(" ") ?? [];
    if (code !== "CLOCKSKEW") throw error;
    agree({ redisMs: Number(redisMs), sentAtMs: nowMs, answeredAtMs: Date.now() });
    throw new RetriableError("Redis took a call too late.");
  }
}
