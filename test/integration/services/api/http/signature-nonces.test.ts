// Nonces of signed requests, on a real Redis.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { signatureNonces } from "#services/api/http/authentication/signature-nonces.ts";

const opened = new AsyncDisposableStack();
let redis: RedisConnection;

beforeAll(async () => {
  const log = createLog("api", "error");
  redis = opened.use(await connectRedis({ url: String(process.env["REDIS_URL"]), log }));
});
afterAll(() => opened.disposeAsync());

it("lets exactly one of many requests have a nonce", async () => {
  const use = { signerId: "demo", nonce: randomUUID() };
  const nonces = signatureNonces(redis);
  const claims = await Promise.all(Array.from({ length: 20 }, () => nonces.claim(use)));
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect(await nonces.claim(use)).toBe(false);
});

it("is another's for another access key", async () => {
  const nonce = randomUUID();
  const nonces = signatureNonces(redis);
  expect(await nonces.claim({ signerId: "one", nonce })).toBe(true);
  expect(await nonces.claim({ signerId: "two", nonce })).toBe(true);
});

it("is kept for longer than a signature is good", async () => {
  const signerId = randomUUID();
  await signatureNonces(redis).claim({ signerId, nonce: "n" });
  const [key] = await redis.at("").keys(`ft:signature-nonce:${signerId}:*`);
  expect(await redis.at("").ttl(String(key))).toBeGreaterThan(30 * 60);
});
