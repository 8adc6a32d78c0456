// One writer at a time: who has the lock may check revisions and append.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { RetriableError } from "#libs/errors.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { runScript } from "#libs/redis/script.ts";
import { WRITE_LOCK_KEY } from "./keys.ts";

const releaseScript = readScript(new URL("lua/release-lock.lua", import.meta.url));

/** Longer than a change takes that still succeeds; a dead writer holds up others this long. */
const LOCK_MS = 30_000;
/** A change takes some 20 ms, so that many wait their turn within this. */
const WAIT_LIMIT_MS = 5_000;
const POLL_MS = 20;

/**
 * Runs `work` while no other process does. Throws RetriableError when the lock is not free within
 * 5 s or Redis is away. Should `work` outlast the lock, the later record on the topic wins.
 */
export async function withWriteLock<T>(redis: RedisConnection, work: () => Promise<T>): Promise<T> {
  const token = randomUUID();
  await take(redis, token);
  try {
    return await work();
  } finally {
    // A lock that cannot be given back runs out by itself: the change is what the caller asked for.
    await release(redis, token).catch(() => undefined);
  }
}

async function take({ client }: RedisConnection, token: string): Promise<void> {
  const giveUpAt = performance.now() + WAIT_LIMIT_MS;
  for (;;) {
    const taken = await redisReply(client.set(WRITE_LOCK_KEY, token, "PX", LOCK_MS, "NX"));
    if (taken !== null) return;
    if (performance.now() >= giveUpAt) throw new RetriableError("Others are changing settings.");
    await sleep(POLL_MS);
  }
}

async function release(redis: RedisConnection, token: string): Promise<void> {
  await runScript(redis, releaseScript, { keys: [WRITE_LOCK_KEY], args: [token] });
}
