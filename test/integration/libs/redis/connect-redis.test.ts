import { pino } from "pino";
import { expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { ConfigError } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

const log = pino({ level: "silent" });

it("refuses a Redis that may evict keys, and says what to mend", async () => {
  await using server = await startRedisServer(["--maxmemory-policy", "allkeys-lru"]);
  const connecting = connectRedis({ url: server.url, log });
  await expect(connecting).rejects.toThrow(ConfigError);
  await expect(connecting).rejects.toThrow(/maxmemory-policy of this Redis is allkeys-lru/);
});

it("gives up in bounded time when there is no Redis", async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const error = await connectRedis({ url, log }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RetriableError);
  expect(error).toMatchObject({ cause: { code: "ECONNREFUSED" } });
}, 15_000);

it("takes a wrong command for a bug, and keeps its arguments out of the error", async () => {
  await using server = await startRedisServer();
  await using redis = await connectRedis({ url: server.url, log });
  await redis.at("").set("text", "value");
  const error = await redisReply(redis.at("").hset("text", "secret", "+6591234567")).catch(
    (reason: unknown) => reason,
  );
  expect(error).not.toBeInstanceOf(RetriableError);
  expect(error).toMatchObject({ message: expect.stringContaining("WRONGTYPE") });
  expect(error).not.toHaveProperty("command");
});

it("takes a Redis that is busy with another's script for a fault that may pass", async () => {
  await using server = await startRedisServer(["--busy-reply-threshold", "10"]);
  await using redis = await connectRedis({ url: server.url, log });
  await using other = await connectRedis({ url: server.url, log });
  const endless = other
    .at("")
    .eval("while true do end", 0)
    .catch(() => "killed");
  const error = () => redisReply(redis.at("").get("a")).catch((reason: unknown) => reason);
  await expect.poll(error).toBeInstanceOf(RetriableError);
  await redis.at("").script("KILL");
  expect(await endless).toBe("killed");
  expect(await redisReply(redis.at("").get("a"))).toBeNull();
});
