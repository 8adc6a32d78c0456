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
 * Runs `work` while no other process does. Throws RetriableError when its turn has not come within
 * 5 s or Redis is away. Should `work` outlast the lock, the later record on the topic wins.
 */
type WriteLock = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * The lock as one process takes it: what it wants to change waits in line, and only the first in line
 * asks Redis. A hundred that ask every 20 ms would be slow for all, and some of them would never win.
 */
export function writeLock(redis: RedisConnection): WriteLock {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const before = last;
    const done = Promise.withResolvers<void>();
    last = before.then(() => done.promise);
    const giveUpAt = performance.now() + WAIT_LIMIT_MS;
    try {
      await turn(before);
      return await locked(redis, giveUpAt, work);
    } finally {
      done.resolve();
    }
  };
}

async function turn(before: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooMany()), WAIT_LIMIT_MS);
  try {
    await Promise.race([before, promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function locked<T>(
  redis: RedisConnection,
  giveUpAt: number,
  work: () => Promise<T>,
): Promise<T> {
  const token = randomUUID();
  await take(redis, token, giveUpAt);
  try {
    return await work();
  } finally {
    // A lock that cannot be given back runs out by itself: the change is what the caller asked for.
    await release(redis, token).catch(() => undefined);
  }
}

async function take(redis: RedisConnection, token: string, giveUpAt: number): Promise<void> {
  for (;;) {
    const taken = await redisReply(
      redis.at(WRITE_LOCK_KEY).set(WRITE_LOCK_KEY, token, "PX", LOCK_MS, "NX"),
    );
    if (taken !== null) return;
    if (performance.now() >= giveUpAt) throw tooMany();
    await sleep(POLL_MS);
  }
}

function tooMany(): RetriableError {
  return new RetriableError("Others are changing settings.");
}

async function release(redis: RedisConnection, token: string): Promise<void> {
  await runScript(redis, releaseScript, { keys: [WRITE_LOCK_KEY], args: [token] });
}
