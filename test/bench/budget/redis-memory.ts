// What an open message takes in Redis, part by part, by Redis' own account (`MEMORY USAGE`).
import { Redis } from "ioredis";
import { accountKey, messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { MessageBytes } from "./budget.ts";
import { sum } from "./costs.ts";

/** Whose the bench's messages are. */
const ACCOUNT = "demo";
/** Messages that stand for all: those of a load are alike. */
const SAMPLE_COUNT = 100;

/** Of the first shard's messages; null where none is open. */
export async function readMessageBytes(url: string): Promise<MessageBytes | null> {
  const client = new Redis(url);
  try {
    const { timers } = shardKeys(0);
    const list = accountKey(0, ACCOUNT);
    const ids = await client.zrange(timers, 0, String(SAMPLE_COUNT - 1));
    if (ids.length === 0) return null;
    const keys = messageKeys(0, ids);
    const [used, values] = await Promise.all([
      Promise.all(keys.map((key) => usedBy(client, key))),
      Promise.all(keys.map((key) => client.strlen(key))),
    ]);
    return {
      key: (sum(used) - sum(values)) / ids.length,
      timer: (await usedBy(client, timers)) / (await client.zcard(timers)),
      listed: (await usedBy(client, list)) / (await client.zcard(list)),
    };
  } finally {
    client.disconnect();
  }
}

/** All of its parts, none guessed. */
async function usedBy(client: Redis, key: string): Promise<number> {
  return Number(await client.call("MEMORY", "USAGE", key, "SAMPLES", "0"));
}
