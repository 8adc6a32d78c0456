// Notices at the start that SECRETS_KEY is another than before. Otherwise nothing that is stored could
// be opened, and every webhook would die of it within seconds.
import { createHmac } from "node:crypto";
import { ConfigError } from "#libs/config/read-env.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import type { SecretsKeys } from "./sealing.ts";

/** Holds the mark of the key that this deployment seals with. */
export const SECRETS_KEY_MARK = "ft:secrets-key";

/**
 * Compares the keys' marks, from which no key can be told, with the one that is in Redis; the newest
 * key's is kept where none is. Throws ConfigError where that is the mark of none of them.
 */
export async function checkSecretsKey(
  redis: Pick<RedisConnection, "at">,
  secretsKeys: SecretsKeys,
): Promise<void> {
  const [newest, ...older] = secretsKeys;
  const mark = markOf(newest);
  const node = redis.at(SECRETS_KEY_MARK);
  const [, known] = await redisReply(
    Promise.all([node.set(SECRETS_KEY_MARK, mark, "NX"), node.get(SECRETS_KEY_MARK)]),
  );
  if (known === null || [mark, ...older.map(markOf)].includes(known)) return;
  throw new ConfigError([
    `SECRETS_KEY is another than before (its mark is ${mark}, it was ${known}): nothing that is ` +
      "stored could be opened. Give the one of before, or both: that one as SECRETS_KEYS_OLD. If it is lost, webhooks need new secrets: " +
      `delete the key ${SECRETS_KEY_MARK} of Redis, then make them.`,
  ]);
}

/** From now on the newest key alone is enough: nothing is sealed by an older one any more. */
export async function keepNewestKey(
  redis: Pick<RedisConnection, "at">,
  [newest]: SecretsKeys,
): Promise<void> {
  await redisReply(redis.at(SECRETS_KEY_MARK).set(SECRETS_KEY_MARK, markOf(newest)));
}

/** 48 bits tell two keys apart, and of a random key they tell nobody anything. */
function markOf(key: Buffer): string {
  return createHmac("sha256", key).update("mark/v1").digest("hex").slice(0, 12);
}
