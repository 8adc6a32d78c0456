// Nonces of signed requests, in Redis: whoever records a request and sends it again is refused.
import { createHash } from "node:crypto";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";

/** A signature is good for so long before and after the instant that it names; Alibaba's window. */
export const SIGNATURE_WINDOW_MS = 15 * 60_000;
/** From the earliest to the latest instant at which one signature is good, and a minute for clocks. */
const KEEP_SECONDS = (2 * SIGNATURE_WINDOW_MS) / 1_000 + 60;

/** `signerId`: of the access key or the application that signed. */
export type NonceUse = { signerId: string; nonce: string };
export type SignatureNonces = {
  /**
   * Whether this is the first use within `keepSeconds` (31 min); of any number at once exactly one is.
   * Throws RetriableError while Redis is away: nobody can tell then.
   */
  claim(use: NonceUse, keepSeconds?: number): Promise<boolean>;
};

export function signatureNonces(redis: Pick<RedisConnection, "at">): SignatureNonces {
  return {
    async claim(use, keepSeconds = KEEP_SECONDS) {
      const key = redisKey(use);
      const reply = redis.at(key).set(key, "", "EX", keepSeconds, "NX");
      return (await redisReply(reply)) === "OK";
    },
  };
}

/** A nonce may be anything; its hash is short. */
function redisKey({ signerId, nonce }: NonceUse): string {
  const hash = createHash("sha256").update(nonce).digest("hex");
  return `ft:signature-nonce:${signerId}:${hash}`;
}
