// How notifications come into the queue: what is new, what is told once more after a restore, what was given up before.
import { WaitsAloneError } from "#libs/errors.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readOpenClockedScript, runOpenClockedScript } from "#libs/redis/open-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toNumber } from "#libs/redis/reply.ts";
import type { DeadLetters } from "./dead-letters.ts";
import {
  dueKey,
  type Lane,
  lanesKey,
  queueKey,
  shardOfAccount,
  toldKey,
  toldMark,
  waitingKey,
} from "./keys.ts";
import type { Note } from "./note.ts";

export const enqueueScript = readOpenClockedScript(new URL("lua/enqueue.lua", import.meta.url));

/** A day more than events are told for, so that none is told twice. */
const TOLD_KEEP_MS = 8 * 24 * 3_600_000;
/** Messages that may wait in one lane: at 2 KB each, a dead endpoint holds 200 MB at most. */
const WAITING_COUNT_MAX = 100_000;
/**
 * Of what is told once more after a restore, a day's worth, no more is added to a lane in which so many messages
 * wait: what is new waits behind it, half a minute at an endpoint that takes 50 ms, and is never given up for it.
 */
const RETOLD_COUNT_MAX = 5_000;

export type Queued = { lane: Lane; messageId: string; notes: readonly Note[] };

/** Appends what the lane has not had yet; what does not fit any more becomes a dead letter. */
export async function enqueue(
  redis: RedisConnection,
  queued: Queued,
  dead: DeadLetters,
): Promise<void> {
  if (queued.notes.length === 0 || (await append(redis, queued, {})) >= 0) return;
  const { lane, messageId, notes } = queued;
  // A full lane holds up nobody: its newest are given up, to be replayed once it is empty again.
  for (const note of notes) await dead.bury(lane, note, "More messages wait there than are kept.");
  const told = toldKey(lane, messageId);
  await redisReply(redis.at(told).sadd(told, ...notes.map(({ id }) => toldMark(id))));
  await redisReply(redis.at(told).pexpire(told, TOLD_KEEP_MS));
}

/** Likewise what is told once more. Throws WaitsAloneError where enough waits in the lane. */
export async function enqueueRetold(redis: RedisConnection, queued: Queued): Promise<void> {
  const limits = { waitingMax: RETOLD_COUNT_MAX };
  if (queued.notes.length === 0 || (await append(redis, queued, limits)) >= 0) return;
  const { name } = queued.lane;
  throw new WaitsAloneError(`room in ${name}`, `${name} is told the rest once less waits there.`);
}

/** Appends notes that were given up before. False: the lane is full, nothing was done. */
export async function enqueueAgain(redis: RedisConnection, queued: Queued): Promise<boolean> {
  return (await append(redis, queued, { mode: "again" })) >= 0;
}

/** How many were appended; -1: too many messages wait in the lane. */
async function append(
  redis: RedisConnection,
  { lane, messageId, notes }: Queued,
  { mode = "", waitingMax = WAITING_COUNT_MAX }: { mode?: "again" | ""; waitingMax?: number },
): Promise<number> {
  const shard = shardOfAccount(lane.accountId);
  const keys = [
    lanesKey(shard),
    waitingKey(shard),
    dueKey(lane),
    queueKey(lane, messageId),
    toldKey(lane, messageId),
  ];
  const items = notes.flatMap((note) => [toldMark(note.id), JSON.stringify(note)]);
  const limits = [String(TOLD_KEEP_MS), String(waitingMax)];
  const args = [lane.name, messageId, ...limits, mode, ...items];
  return toNumber(await runOpenClockedScript(redis, enqueueScript, { keys, args }));
}
