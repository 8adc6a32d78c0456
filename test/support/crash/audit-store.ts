// What must be true of Redis once nothing is under way any more, read from its keys alone.
import { Redis } from "ioredis";

const OPEN = -1;

/** Sentences, one for each breach among the messages given; all of them have ended. */
export async function auditStore(url: string, messageIds: readonly string[]): Promise<string[]> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys("ft*");
    const [states, timers] = [statesOf(keys), await timersIn(redis, keys)];
    const breaches: string[] = [];
    for (const messageId of messageIds) {
      const key = states.get(messageId);
      if (key === undefined) breaches.push(`${messageId} is not in Redis`);
      else if ((await redis.pttl(key)) === OPEN) breaches.push(`${messageId} is kept for ever`);
      if (timers.has(messageId)) breaches.push(`${messageId} has ended and has a timer`);
    }
    for (const messageId of timers) {
      if (!states.has(messageId)) breaches.push(`${messageId} has a timer and no state`);
    }
    return [...breaches, ...(await leftBehind(redis, keys))];
  } finally {
    redis.disconnect();
  }
}

function statesOf(keys: readonly string[]): Map<string, string> {
  const states = keys.filter((key) => /^ft:\{\d+\}:m:/.test(key));
  return new Map(states.map((key) => [key.replace(/^ft:\{\d+\}:m:/, ""), key]));
}

async function timersIn(redis: Redis, keys: readonly string[]): Promise<Set<string>> {
  const sets = keys.filter((key) => /^ft:\{\d+\}:timers$/.test(key));
  const members = await Promise.all(sets.map((key) => redis.zrange(key, "0", "-1")));
  return new Set(members.flat());
}

/** What is to be published, and commands that wait, though nobody has anything to do. */
async function leftBehind(redis: Redis, keys: readonly string[]): Promise<string[]> {
  const breaches: string[] = [];
  for (const key of keys) {
    if (/^ft:\{\d+\}:outbox$/.test(key)) {
      const count = await redis.xlen(key);
      if (count > 0) breaches.push(`${key} holds ${count} entries`);
    }
    if (/^ft:dispatch:\{\w+\}:(waiting|delayed)$/.test(key)) {
      const count = await redis.zcard(key);
      if (count > 0) breaches.push(`${key} holds ${count} commands`);
    }
  }
  return breaches;
}
