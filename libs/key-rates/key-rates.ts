// How fast a key may ask: one bucket of turns in Redis for each key, which all api processes share.
import { RetriableError } from "#libs/errors.ts";
import { readClockedScript, runClockedScript } from "#libs/redis/clocked-script.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { toNumber } from "#libs/redis/reply.ts";
import { loadScripts } from "#libs/redis/script.ts";
import type { Account, ApiKey } from "#libs/settings/account.ts";

const takeTurnScript = readClockedScript(new URL("lua/take-turn.lua", import.meta.url));

export type KeyRates = {
  /** How long the key has to wait before it may ask, ms; 0: this request may pass, and was counted. */
  waitMs(apiKey: ApiKey, account: Pick<Account, "limits">): Promise<number>;
};

/** Redis is asked only where a rate is set; while it or its clock is away everybody passes, as sending goes on then. */
export async function connectKeyRates(redis: RedisConnection): Promise<KeyRates> {
  await loadScripts(redis, [takeTurnScript]);
  return {
    async waitMs({ accountId, name }, { limits: { ratePerKey } }) {
      const { perSecond } = ratePerKey;
      if (perSecond === undefined) return 0;
      const { burst = Math.max(1, Math.ceil(perSecond)) } = ratePerKey;
      const keys = [`ft:key-rate:${accountId}:${name}`];
      const args = [String(Math.ceil(1_000_000 / perSecond)), String(burst)];
      try {
        return toNumber(await runClockedScript(redis, takeTurnScript, { keys, args }));
      } catch (error) {
        if (error instanceof RetriableError) return 0;
        throw error;
      }
    },
  };
}
