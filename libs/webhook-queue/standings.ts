// How the notifications of registered webhooks stand: what waits, what was given up, and since when
// an endpoint takes nothing.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import {
  deadCountsKey,
  dueKey,
  failingKey,
  hookLane,
  type Lane,
  laneNamed,
  SHARD_COUNT,
  shardOfAccount,
} from "./keys.ts";

export type Failing = {
  /** Of the first try that failed since one was taken, epoch ms. */
  since: number;
  /** Of the last, epoch ms. */
  lastAt: number;
  reason: string;
};

export type Standing = {
  /** Messages of which a notification waits. */
  waitingCount: number;
  /** Notifications among the account's dead letters. */
  givenUpCount: number;
  /** null: the last try was taken, or there was none. */
  failing: Failing | null;
};

/** As a claim is settled: what an endpoint has against a notification, and when, epoch ms. */
export function faultText({ at, reason }: { at: number; reason: string }): string {
  return `${at} ${reason}`;
}

/** Of each of the account's webhooks, in order. Rejects with RetriableError while Redis is away. */
export async function readStandings(
  redis: RedisConnection,
  accountId: string,
  hooks: readonly string[],
): Promise<Standing[]> {
  if (hooks.length === 0) return [];
  const lanes = hooks.map((hook) => hookLane(accountId, hook));
  const names = lanes.map(({ name }) => name);
  const [failing, counts] = [failingKey(shardOfAccount(accountId)), deadCountsKey(accountId)];
  // Awaited as one: a reply that fails while another is awaited would end the process.
  const [faults, dead, waiting] = await Promise.all([
    redisReply(redis.at(failing).hmget(failing, ...names)),
    redisReply(redis.at(counts).hmget(counts, ...names)),
    Promise.all(lanes.map(dueKey).map((key) => redisReply(redis.at(key).zcard(key)))),
  ]);
  return lanes.map((_, index) => ({
    waitingCount: waiting[index] ?? 0,
    givenUpCount: Number(dead[index] ?? 0),
    failing: readFailing(faults[index] ?? ""),
  }));
}

/** As `settle.lua` writes it. */
function readFailing(text: string): Failing | null {
  const [, since, lastAt, reason = ""] = /^(\d+) (\d+) (.*)$/s.exec(text) ?? [];
  return since === undefined ? null : { since: Number(since), lastAt: Number(lastAt), reason };
}

/** The lanes of all webhooks that fail. */
export async function readFailingLanes(redis: RedisConnection): Promise<Lane[]> {
  const keys = Array.from({ length: SHARD_COUNT }, (_, shard) => failingKey(shard));
  const found = await Promise.all(keys.map((key) => redisReply(redis.at(key).hkeys(key))));
  return found.flat().map(laneNamed);
}

/** A webhook that is gone fails no more. */
export async function forgetFailing(redis: RedisConnection, { accountId, name }: Lane) {
  const key = failingKey(shardOfAccount(accountId));
  await redisReply(redis.at(key).hdel(key, name));
}
