// Notifications that were given up, per account: to be looked at, and replayed.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readOpenScript, runOpenScript } from "#libs/redis/open-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { deadCountsKey, deadKey, deadLettersKey, failureIdOf, type Lane } from "./keys.ts";
import { type DeadLetter, decodeDeadLetter, decodeNote, type Note } from "./note.ts";

const uncount = new URL("lua/uncount.lua", import.meta.url);
export const buryScript = readOpenScript(uncount, new URL("lua/bury.lua", import.meta.url));
export const forgetScript = readOpenScript(uncount, new URL("lua/forget.lua", import.meta.url));

const KEEP_MS = 30 * 24 * 3_600_000;
/** Per account; the oldest are dropped beyond that. */
const COUNT_MAX = 10_000;

export type Failure = DeadLetter & { failureId: string };
/** The newest `limit` of those that are older than the first `offset`. */
type Page = { offset: number; limit: number };

export type DeadLetters = {
  /** Twice is once. */
  bury(lane: Lane, note: Note, reason: string): Promise<void>;
  /** Newest first. */
  list(accountId: string, page: Page): Promise<Failure[]>;
  find(accountId: string, failureId: string): Promise<Failure | undefined>;
  /** Removes the letter, unless it has died once more since it was read. */
  remove(accountId: string, failure: Failure): Promise<void>;
  count(accountId: string): Promise<number>;
};

/** What was given up, by account. Each method rejects with RetriableError while Redis is away. */
export function deadLetters(redis: RedisConnection): DeadLetters {
  const find = async (accountId: string, failureId: string) => {
    const letters = deadLettersKey(accountId);
    const text = await redisReply(redis.at(letters).hget(letters, failureId));
    if (text === null) return undefined;
    return { failureId, ...(decodeDeadLetter(text) ?? illegible(accountId, text)) };
  };
  return {
    find,
    bury: (lane, note, reason) => bury(redis, lane, { lane: lane.name, reason, note }),
    async list(accountId, { offset, limit }) {
      const key = deadKey(accountId);
      const ids = await redisReply(redis.at(key).zrevrange(key, offset, offset + limit - 1));
      const found = await Promise.all(ids.map((failureId) => find(accountId, failureId)));
      return found.filter((failure) => failure !== undefined);
    },
    async remove(accountId, { failureId, diedAt }) {
      const keys = keysOf(accountId);
      await runOpenScript(redis, forgetScript, { keys, args: [failureId, String(diedAt)] });
    },
    count(accountId) {
      const key = deadKey(accountId);
      return redisReply(redis.at(key).zcard(key));
    },
  };
}

async function bury(
  redis: RedisConnection,
  lane: Lane,
  letter: Omit<DeadLetter, "diedAt">,
): Promise<void> {
  const diedAt = Date.now();
  const keys = keysOf(lane.accountId);
  const text = JSON.stringify({ ...letter, diedAt });
  const failureId = failureIdOf(lane, letter.note.id);
  const args = [failureId, text, String(diedAt), String(KEEP_MS), String(COUNT_MAX), lane.name];
  await runOpenScript(redis, buryScript, { keys, args });
}

function keysOf(accountId: string): string[] {
  return [deadKey(accountId), deadLettersKey(accountId), deadCountsKey(accountId)];
}

/** Stands for a letter that nobody here can read, so that it does not hide the others. */
function illegible(accountId: string, text: string): DeadLetter {
  const note = decodeNote(text, "");
  return { lane: `${accountId}/illegible`, reason: "It cannot be read.", diedAt: 0, note };
}
