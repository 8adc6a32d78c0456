// What Redis itself does to the product, or has done to it.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { loseItsEnd } from "#test/support/lose-its-end.ts";
import type { Crowd } from "./crowd.ts";
import type { Strike } from "./strike.ts";

export const redisStrikes: readonly Strike[] = [
  {
    name: "Redis forgets its scripts",
    strike: (crowd) => atRedis(crowd, async (redis) => void (await redis.script("FLUSH"))),
  },
  {
    name: "Redis serves nobody for 6 s",
    strike: (crowd) =>
      atRedis(crowd, async (redis) => void (await redis.call("DEBUG", "SLEEP", "6"))),
  },
  {
    name: "Redis writes its log anew under load",
    strike: (crowd) => atRedis(crowd, writeAnew),
  },
  {
    name: "Redis takes nothing more for 8 s: it is full",
    strike: (crowd) =>
      atRedis(crowd, async (redis) => {
        await redis.config("SET", "maxmemory", "1");
        await expectFull(redis);
        await sleep(8_000);
        await redis.config("SET", "maxmemory", "0");
      }),
  },
  {
    name: "Redis loses its last second",
    isAlone: true,
    strike: ({ redis }) => loseItsEnd(redis),
  },
  {
    name: "Redis is emptied",
    isAlone: true,
    strike: (crowd) => atRedis(crowd, async (redis) => void (await redis.flushall())),
  },
  {
    name: "Redis dies and comes back",
    async strike({ redis }) {
      await redis.kill();
      await sleep(1_000);
      await redis.start();
    },
  },
];

async function atRedis({ redis }: Crowd, act: (client: Redis) => Promise<void>): Promise<void> {
  const client = new Redis(redis.url);
  try {
    await act(client);
  } finally {
    client.disconnect();
  }
}

/** Resolves when all of the log is written anew. */
async function writeAnew(redis: Redis): Promise<void> {
  await redis.call("BGREWRITEAOF");
  while (/^aof_rewrite_(in_progress|scheduled):1/m.test(await redis.info("persistence"))) {
    await sleep(100);
  }
  const isWritten = /^aof_last_bgrewrite_status:ok/m.test(await redis.info("persistence"));
  if (!isWritten) throw new Error("Redis has not written its log anew.");
}

async function expectFull(redis: Redis): Promise<void> {
  const word = await redis.set("ft:full", "1").catch(String);
  if (!word.includes("OOM")) throw new Error(`Redis is not full: it says ${word}.`);
}
