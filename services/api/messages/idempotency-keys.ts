// What a client's Idempotency-Key stands for, in Redis: the request's hash, the id that the first who
// came with it has, and what that was answered. Whoever comes later takes them, so that however many
// get through to Kafka, the consumers see one message. Nothing here says that it was ever accepted.
import { createHash } from "node:crypto";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";

/** As long as a request is not stale (the decider's acceptance window): a replay never is either. */
const KEEP_SECONDS = 24 * 3_600;

const Claim = Type.Object({
  bodyHash: Type.String(),
  /** Of the message or the batch. */
  id: Type.String(),
  /** When the first one came, epoch ms. */
  at: Type.Integer(),
  /** What it was answered, as its dialect packs it. */
  answer: Type.Optional(Type.String()),
  /** What was accepted, where a repeat could not make it of its own body. */
  request: Type.Optional(Type.String()),
});
export type Claim = Static<typeof Claim>;

export type KeyPlace = { accountId: string; key: string };
export type IdempotencyKeys = {
  /** The claim on a key; null where there is none. */
  find(place: KeyPlace): Promise<Claim | null>;
  /** Claims a key, for 24 h or so many seconds. The earlier claim, where there is one, stays. */
  claim(place: KeyPlace, claim: Claim, keepSeconds?: number): Promise<Claim | null>;
};

type KeyUse = { method: string; path: string; at: number; windowMs?: number };

const DAY_MS = 24 * 3_600_000;

/**
 * 16 bytes that follow from a key and from where it was sent, for a request's id: a repeat has the
 * same id even where Redis has lost the claim, and the consumers know that. Another day's, or another
 * `windowMs`' (ms), are others, so that a key that has run out may be used again.
 */
export function idBytesOf(
  { accountId, key }: KeyPlace,
  { method, path, at, windowMs = DAY_MS }: KeyUse,
): Buffer {
  const parts = [accountId, key, method, path, Math.floor(at / windowMs)];
  return createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16);
}

/** All throw RetriableError while Redis is away; a claim may have been made all the same. */
export function idempotencyKeys(redis: Pick<RedisConnection, "at">): IdempotencyKeys {
  return {
    async find(place) {
      const key = redisKey(place);
      return decodeClaim(await redisReply(redis.at(key).get(key)));
    },
    async claim(place, claim, keepSeconds = KEEP_SECONDS) {
      const value = JSON.stringify(claim);
      const key = redisKey(place);
      // One command: of any number at once exactly one finds nothing.
      const claimed = redis.at(key).set(key, value, "EX", keepSeconds, "NX", "GET");
      return decodeClaim(await redisReply(claimed));
    },
  };
}

/** A client's key may be anything; its hash is short and tells nobody what it was. */
function redisKey({ accountId, key }: KeyPlace): string {
  const hash = createHash("sha256").update(key).digest("hex");
  return `ft:idempotency:${accountId}:${hash}`;
}

function decodeClaim(reply: string | null): Claim | null {
  return reply === null ? null : Value.Parse(Claim, JSON.parse(reply));
}
