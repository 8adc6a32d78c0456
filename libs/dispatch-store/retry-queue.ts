// Commands that wait for another call, without blocking their partition and safe from a dispatcher
// that dies: an entry leaves the queue only when its command is done.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toList, toNumber, toText } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";
import { CLAIM_KEEP_MS } from "./claims.ts";
import { claimKey, retryKey } from "./keys.ts";

export const parkScript = readScript(new URL("lua/park.lua", import.meta.url));
export const claimDueScript = readScript(new URL("lua/claim-due.lua", import.meta.url));

/** A command as bytes, and the trace that it belongs to. */
type ParkedCommand = { commandId: string; command: Buffer; traceparent: string | undefined };

export type Parking = {
  delayMs: number;
  /** What it waits for: after a refusal, after a lost answer, or for another's lease to end. */
  because: "refused" | "lost" | "held";
};

type DueRetries = { commandIds: string[]; nextDueInMs: number | null };

export type RetryQueue = {
  park(parked: ParkedCommand, parking: Parking): Promise<void>;
  /** Takes what is due, for `leaseMs`. `nextDueInMs` null: the queue is empty. */
  claimDue(limits: { leaseMs: number; countMax: number }): Promise<DueRetries>;
  /** What was parked; undefined if it is done, or Redis has lost it. */
  readParked(commandId: string): Promise<ParkedCommand | undefined>;
  /** Takes a command that is done out of the queue. */
  remove(commandId: string): Promise<void>;
};

const COUNTERS = { refused: "refusals", lost: "losses", held: "" } as const;

export function retryQueue(redis: RedisConnection, channel: string): RetryQueue {
  const queue = retryKey(channel);
  return {
    async park({ commandId, command, traceparent = "" }, { delayMs, because }) {
      const keys = [claimKey(channel, commandId), queue];
      const [delay, keep] = [String(Math.ceil(delayMs)), String(CLAIM_KEEP_MS)];
      const args = [commandId, delay, keep, command, traceparent, COUNTERS[because]];
      await runScript(redis, parkScript, { keys, args });
    },
    async claimDue({ leaseMs, countMax }) {
      const args = [String(leaseMs), String(countMax)];
      const reply = toList(await runScript(redis, claimDueScript, { keys: [queue], args }));
      const [next, ...commandIds] = reply;
      const nextDueInMs = toNumber(next);
      return {
        commandIds: commandIds.map(toText),
        nextDueInMs: nextDueInMs < 0 ? null : nextDueInMs,
      };
    },
    async readParked(commandId) {
      const fields = redis.client.hmgetBuffer(claimKey(channel, commandId), "command", "trace");
      const [command, trace] = await redisReply(fields);
      if (!command) return undefined;
      return { commandId, command, traceparent: trace?.toString() || undefined };
    },
    async remove(commandId) {
      // The bytes go first: an entry without them is done, and is removed when it fires.
      await redisReply(redis.client.hdel(claimKey(channel, commandId), "command", "trace"));
      await redisReply(redis.client.zrem(queue, commandId));
    },
  };
}
