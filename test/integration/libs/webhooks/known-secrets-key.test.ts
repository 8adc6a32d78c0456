// Another SECRETS_KEY is noticed before anything is sealed or opened with it, on a real Redis.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ConfigError } from "#libs/config/read-env.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import {
  checkSecretsKey,
  keepNewestKey,
  SECRETS_KEY_MARK,
} from "#libs/webhooks/known-secrets-key.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { startService } from "#test/support/service-process.ts";

const opened = new AsyncDisposableStack();
let url: string;
let redis: RedisConnection;

beforeAll(async () => {
  url = opened.use(await startRedisServer()).url;
  redis = opened.use(await connectRedis({ url, log: createLog("test", "fatal") }));
});
afterAll(() => opened.disposeAsync());

it("takes the first key, and the same one ever after, by whoever starts", async () => {
  const key = randomBytes(32);
  await Promise.all([1, 2, 3].map(() => checkSecretsKey(redis, [key])));
  await checkSecretsKey(redis, [key]);
  expect(await redis.at("").get(SECRETS_KEY_MARK)).toMatch(/^[0-9a-f]{12}$/);
});

it("refuses another one, and says how the loss of a key is survived", async () => {
  const failure = await checkSecretsKey(redis, [randomBytes(32)]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConfigError);
  expect(String(failure)).toMatch(
    /SECRETS_KEY is another than before .* delete the key ft:secrets/,
  );
  await redis.at("").del(SECRETS_KEY_MARK);
  await checkSecretsKey(redis, [randomBytes(32)]);
});

it("takes a new one that names the one before, and needs that until nothing is sealed by it", async () => {
  await redis.at("").del(SECRETS_KEY_MARK);
  const [old, next] = [randomBytes(32), randomBytes(32)];
  await checkSecretsKey(redis, [old]);
  await checkSecretsKey(redis, [next, old]);
  await expect(checkSecretsKey(redis, [next])).rejects.toThrow(ConfigError);
  await keepNewestKey(redis, [next, old]);
  await checkSecretsKey(redis, [next]);
  await expect(checkSecretsKey(redis, [old])).rejects.toThrow(ConfigError);
});

it.each(["api", "webhook-notifier"])("stops the %s before it does anything", async (name) => {
  const SECRETS_KEY = randomBytes(32).toString("base64");
  const nobody = { KAFKA_BROKERS: "127.0.0.1:1", SCHEMA_REGISTRY_URL: "http://127.0.0.1:1" };
  const env = { ...nobody, REDIS_URL: url, SECRETS_KEY, API_PORT: "0" };
  await using service = await startService(name, env);
  await expect(service.ready()).rejects.toThrow(/SECRETS_KEY is another than before/);
});
