// What is to be told to webhooks, in Redis. Per message and lane one after the other, in order; lanes
// do not wait for each other. A notification leaves only when it was delivered or given up.

import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readOpenClockedScript, runOpenClockedScript } from "#libs/redis/open-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toList, toNumber, toText } from "#libs/redis/reply.ts";
import { loadScripts } from "#libs/redis/script.ts";
import { buryScript, type DeadLetters, deadLetters, forgetScript } from "./dead-letters.ts";
import { enqueue, enqueueAgain, enqueueRetold, enqueueScript, type Queued } from "./enqueue.ts";
import {
  dueKey,
  failingKey,
  failuresKey,
  flightKey,
  type Lane,
  laneNamed,
  lanesKey,
  queueKey,
  SHARD_COUNT,
  shardOfAccount,
  toldKey,
  toldMark,
  waitingKey,
} from "./keys.ts";
import { decodeNote, type Note } from "./note.ts";
import {
  faultText,
  forgetFailing,
  readFailingLanes,
  readStandings,
  type Standing,
} from "./standings.ts";

const dueLanesScript = readOpenClockedScript(new URL("lua/due-lanes.lua", import.meta.url));
export const claimScript = readOpenClockedScript(new URL("lua/claim.lua", import.meta.url));
export const settleScript = readOpenClockedScript(new URL("lua/settle.lua", import.meta.url));

/** Lanes that one look takes up; the next look follows at once while there are more. */
const LANE_COUNT_MAX = 64;
/** A lane whose account has no room in this process is looked at again after this. */
const RECHECK_MS = 100;

export type Claimed = {
  lane: Lane;
  note: Note;
  /** The note's bytes: they name it when it is settled. */
  raw: string;
  /** How often it has failed before. */
  failureCount: number;
};
export type ClaimLimits = {
  leaseMs: number;
  /** In flight in one lane, over all notifiers. */
  flightMax: number;
  /** How many more the caller can take of an account. */
  roomOf: (accountId: string) => number;
};
export type Backlog = { messageCount: number; oldestSince: number | null };

/** What became of a try. */
export type Settlement = {
  /** Until the next one; null: there is none. */
  delayMs: number | null;
  /** What the registered webhook has against it; null: nothing, or it is no webhook's. */
  fault: { at: number; reason: string } | null;
};

type Look = { claimed: Claimed[]; faults: unknown[]; mayHaveMore: boolean };

export type WebhookQueue = {
  dead: DeadLetters;
  /** Whether the lane has had the notification of this id for the message, for each id. */
  findTold(lane: Lane, messageId: string, ids: readonly string[]): Promise<boolean[]>;
  /** Appends what the lane has not had yet; what does not fit any more becomes a dead letter. */
  enqueue: (queued: Queued) => Promise<void>;
  /** Likewise what is told once more. Throws WaitsAloneError where enough waits in the lane: it is to come again then. */
  enqueueRetold: (queued: Queued) => Promise<void>;
  /** Appends notes that were given up before. False: the lane is full, nothing was done. */
  enqueueAgain(queued: Queued): Promise<boolean>;
  /** Takes what is due in a shard. `faults`: of lanes that cannot be read. `mayHaveMore`: look again at once. */
  claimDue(shard: number, limits: ClaimLimits): Promise<Look>;
  /** Ends a claim: the note is done, or is tried again after `delayMs`. */
  settle(claimed: Claimed, settlement: Settlement): Promise<void>;
  backlog(): Promise<Backlog>;
  /** How the notifications of an account's webhooks stand, in order. */
  standings(accountId: string, hooks: readonly string[]): Promise<Standing[]>;
  /** Lanes of webhooks whose last try failed, of all accounts. */
  failing(): Promise<Lane[]>;
  /** The webhook fails no more: it is gone. */
  forgetFailing(lane: Lane): Promise<void>;
};

/** Loads its scripts; every call throws RetriableError while Redis is away, or its clock is. */
export async function connectWebhookQueue(redis: RedisConnection): Promise<WebhookQueue> {
  const ofQueue = [enqueueScript, dueLanesScript, claimScript, settleScript];
  await loadScripts(redis, [...ofQueue, buryScript, forgetScript]);
  const dead = deadLetters(redis);
  return {
    dead,
    findTold: async (lane, messageId, ids) => {
      if (ids.length === 0) return [];
      const key = toldKey(lane, messageId);
      const told = await redisReply(redis.at(key).smismember(key, ...ids.map(toldMark)));
      return told.map((flag) => flag === 1);
    },
    enqueue: (queued) => enqueue(redis, queued, dead),
    enqueueRetold: (queued) => enqueueRetold(redis, queued),
    enqueueAgain: (queued) => enqueueAgain(redis, queued),
    claimDue: (shard, limits) => claimDue(redis, shard, limits),
    settle: (claimed, settlement) => settle(redis, claimed, settlement),
    backlog: () => readBacklog(redis),
    standings: (accountId, hooks) => readStandings(redis, accountId, hooks),
    failing: () => readFailingLanes(redis),
    forgetFailing: (lane) => forgetFailing(redis, lane),
  };
}

async function claimDue(redis: RedisConnection, shard: number, limits: ClaimLimits): Promise<Look> {
  const call = { keys: [lanesKey(shard)], args: [String(LANE_COUNT_MAX)] };
  const names = toList(await runOpenClockedScript(redis, dueLanesScript, call)).map(toText);
  const [claimed, faults]: [Claimed[], unknown[]] = [[], []];
  const rooms = new Map<string, number>();
  // One after the other: what one lane takes of its account's room, the next does not have.
  for (const lane of names.map(laneNamed)) {
    const room = rooms.get(lane.accountId) ?? limits.roomOf(lane.accountId);
    // One lane that cannot be read costs no other what that has been lent already.
    const taken = await claimLane(redis, lane, { ...limits, room }).catch((error: unknown) => {
      faults.push(error);
      return [];
    });
    rooms.set(lane.accountId, room - taken.length);
    claimed.push(...taken);
  }
  return { claimed, faults, mayHaveMore: names.length === LANE_COUNT_MAX };
}

async function claimLane(
  redis: RedisConnection,
  lane: Lane,
  { flightMax, room, leaseMs }: ClaimLimits & { room: number },
): Promise<Claimed[]> {
  const shard = shardOfAccount(lane.accountId);
  const keys = [lanesKey(shard), dueKey(lane), flightKey(lane), failuresKey(lane)];
  const args = [lane.name, ...[flightMax, room, leaseMs, RECHECK_MS].map(String)];
  const reply = toList(await runOpenClockedScript(redis, claimScript, { keys, args }));
  const pairs = Array.from({ length: reply.length / 2 }, (_, i) => {
    return { messageId: toText(reply[2 * i]), failureCount: toNumber(reply[2 * i + 1]) };
  });
  const claimed = await Promise.all(pairs.map((pair) => readFirst(redis, lane, pair)));
  return claimed.filter((each) => each !== undefined);
}

async function readFirst(
  redis: RedisConnection,
  lane: Lane,
  { messageId, failureCount }: { messageId: string; failureCount: number },
): Promise<Claimed | undefined> {
  const queue = queueKey(lane, messageId);
  const raw = await redisReply(redis.at(queue).lindex(queue, 0));
  // Nothing is left where another notifier, whose lease had ended, has settled it just now.
  return raw === null ? undefined : { lane, note: decodeNote(raw, messageId), raw, failureCount };
}

async function settle(
  redis: RedisConnection,
  { lane, note, raw }: Claimed,
  { delayMs, fault }: Settlement,
): Promise<void> {
  const shard = shardOfAccount(lane.accountId);
  const keys = [
    lanesKey(shard),
    waitingKey(shard),
    dueKey(lane),
    flightKey(lane),
    failuresKey(lane),
    queueKey(lane, note.messageId),
    failingKey(shard),
  ];
  const delay = delayMs === null ? "" : String(Math.ceil(delayMs));
  const args = [lane.name, note.messageId, raw, delay, fault === null ? "" : faultText(fault)];
  await runOpenClockedScript(redis, settleScript, { keys, args });
}

async function readBacklog(redis: RedisConnection): Promise<Backlog> {
  const shards = Array.from({ length: SHARD_COUNT }, (_, shard) => waitingKey(shard));
  // Awaited as one: a reply that fails while another is awaited would end the process.
  const [counts, firsts] = await Promise.all([
    Promise.all(shards.map((key) => redisReply(redis.at(key).zcard(key)))),
    Promise.all(shards.map((key) => redisReply(redis.at(key).zrange(key, "0", "0", "WITHSCORES")))),
  ]);
  const since = firsts.flatMap(([, score]) => score ?? []).map(Number);
  const messageCount = counts.reduce((sum, count) => sum + count, 0);
  return { messageCount, oldestSince: since.length === 0 ? null : Math.min(...since) };
}
