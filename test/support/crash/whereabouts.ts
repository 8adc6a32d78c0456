// Where a message stands that should have ended: what the topics and Redis hold of it.
import { Redis } from "ioredis";
import type { Ledger, Recorded } from "#test/support/audit.ts";

/** One line for each record of the message, in the order of each topic, and for each key that names it. */
export async function whereabouts(
  messageId: string,
  ledger: Ledger,
  redisUrl: string,
): Promise<string> {
  const records = Object.entries(ledger).flatMap(([kind, all]: [string, Recorded<object>[]]) =>
    all
      .filter(({ key }) => key === messageId)
      .map(({ partition, value }) => `${kind}/${partition}: ${JSON.stringify(value)}`),
  );
  return [`${messageId}:`, ...records, ...(await keptOf(messageId, redisUrl))].join("\n  ");
}

async function keptOf(messageId: string, redisUrl: string): Promise<string[]> {
  const redis = new Redis(redisUrl);
  try {
    const keys = await redis.keys("ft*");
    const shown = keys.map(async (key) => {
      const kind = await redis.type(key);
      const held = key.includes(messageId) ? "is there" : await heldIn(redis, key, kind, messageId);
      return held === undefined ? [] : [`${key} (${kind}): ${held}`];
    });
    return (await Promise.all(shown)).flat();
  } finally {
    redis.disconnect();
  }
}

/** What a key that holds many says of the message; undefined: nothing. */
async function heldIn(
  redis: Redis,
  key: string,
  kind: string,
  messageId: string,
): Promise<string | undefined> {
  const named = (all: readonly string[]) =>
    all.filter((each) => each.includes(messageId)).join(", ") || undefined;
  if (kind === "zset") return named(pairs(await redis.zrange(key, "0", "-1", "WITHSCORES")));
  if (kind === "hash") return named(pairs(Object.entries(await redis.hgetall(key)).flat()));
  if (kind === "stream") return named((await redis.xrange(key, "-", "+")).flat(2));
  return undefined;
}

function pairs(flat: readonly string[]): string[] {
  return flat.flatMap((each, index) => (index % 2 === 0 ? [`${each}=${flat[index + 1]}`] : []));
}
