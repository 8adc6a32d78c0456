// Fault: Redis is nearly full. Invariants: nothing new is taken, by anybody, until there is room again; nobody has
// to do anything for that.
import { pino } from "pino";
import { expect, it, vi } from "vitest";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { NearlyFullError } from "#libs/redis/memory-watch.ts";
import { almostFull } from "#test/support/almost-full.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

const within = { timeout: 30_000, interval: 50 };

async function untilFull(redis: RedisConnection, isFull: boolean): Promise<void> {
  await vi.waitFor(() => expect(redis.memory.whyFull() !== null).toBe(isFull), within);
}

it("stops intake above a mark of Redis' maxmemory, and goes on well below it, by itself", async () => {
  await using server = await startRedisServer();
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  await using redis = await connectRedis({ url: server.url, log });
  await using filling = await almostFull(server.url);
  expect(redis.memory.whyFull()).toBeNull();
  redis.memory.checkRoom();

  await filling.fill(0.85);
  await untilFull(redis, true);
  expect(() => redis.memory.checkRoom()).toThrow(NearlyFullError);
  expect(redis.memory.whyFull()).toMatch(/nearly full \(8[4-6] % of its maxmemory\)/);

  await filling.fill(0.75);
  await redis.memory.look();
  await untilFull(redis, true);

  await filling.fill(0.6);
  await untilFull(redis, false);
  redis.memory.checkRoom();

  await filling.fill(0.75);
  await redis.memory.look();
  expect(redis.memory.whyFull()).toBeNull();
  expect(lines.map((line) => JSON.parse(line).level)).toEqual([50, 40]);
});

it("keeps its word while Redis is away, and has no mark without a maxmemory", async () => {
  await using server = await startRedisServer();
  await using redis = await connectRedis({ url: server.url, log: pino({ level: "silent" }) });
  await redis.memory.look();
  expect(redis.memory.whyFull()).toBeNull();
  {
    await using filling = await almostFull(server.url);
    await filling.fill(0.9);
    await untilFull(redis, true);
    await server.kill();
    await expect(redis.memory.look()).rejects.toThrow(/Redis: /);
    expect(redis.memory.whyFull()).not.toBeNull();
    await server.start();
  }
  await untilFull(redis, false);
});

it("starts without room where there is none", async () => {
  await using server = await startRedisServer();
  await using filling = await almostFull(server.url);
  await filling.fill(0.85);
  await using redis = await connectRedis({ url: server.url, log: pino({ level: "silent" }) });
  expect(() => redis.memory.checkRoom()).toThrow(NearlyFullError);
});
