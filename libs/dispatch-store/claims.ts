// Makes a command's call happen once over redelivery: whoever claims it calls, the answer stays
// beside the claim, and a redelivered command finds the answer instead of a provider.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { toBytes, toList, toNumber, toText } from "#libs/redis/reply.ts";
import { runScript } from "#libs/redis/script.ts";
import { claimKey } from "./keys.ts";

export const claimScript = readScript(new URL("lua/claim.lua", import.meta.url));
export const saveAnswerScript = readScript(new URL("lua/save-answer.lua", import.meta.url));

/** Longer than any record is redelivered: topics keep commands for 7 days. */
export const CLAIM_KEEP_MS = 8 * 24 * 3_600_000;

/** How often a command was refused as temporary, and how often its answer was lost. */
export type Tries = { refusalCount: number; lossCount: number };

export type Claim =
  /** Ours now: call. */
  | ({ verdict: "claimed" } & Tries)
  /** Ours now, but an earlier claim ended without an answer: maybe after its call. */
  | ({ verdict: "abandoned"; wasMine: boolean } & Tries)
  /** Claimed by another, or by this process in an earlier try (`wasMine`), for that long. */
  | ({ verdict: "held"; wasMine: boolean; remainingMs: number } & Tries)
  /** The retry queue has it. */
  | { verdict: "parked" }
  | { verdict: "answered"; report: Buffer };

export type ClaimStore = {
  claim(commandId: string, source: "topic" | "retry-queue"): Promise<Claim>;
  /** Keeps the final report of a command; every later claim finds it. */
  saveAnswer(commandId: string, report: Buffer): Promise<void>;
};

/** `leaseMs` must be longer than a call can take. `owner` names this process, uniquely. */
export function claimStore(
  redis: RedisConnection,
  { channel, owner, leaseMs }: { channel: string; owner: string; leaseMs: number },
): ClaimStore {
  return {
    async claim(commandId, source) {
      const fromQueue = source === "retry-queue" ? "1" : "0";
      const args = [owner, String(leaseMs), String(CLAIM_KEEP_MS), fromQueue];
      const keys = [claimKey(channel, commandId)];
      return toClaim(await runScript(redis, claimScript, { keys, args }));
    },
    async saveAnswer(commandId, report) {
      const args = [report, String(CLAIM_KEEP_MS)];
      await runScript(redis, saveAnswerScript, { keys: [claimKey(channel, commandId)], args });
    },
  };
}

function toClaim(reply: unknown): Claim {
  const [word, mine, remaining, refusals, losses, answer] = toList(reply);
  const verdict = toText(word);
  const tries = { refusalCount: toNumber(refusals), lossCount: toNumber(losses) };
  const wasMine = toNumber(mine) === 1;
  switch (verdict) {
    case "claimed":
      return { verdict, ...tries };
    case "abandoned":
      return { verdict, wasMine, ...tries };
    case "held":
      return { verdict, wasMine, remainingMs: toNumber(remaining), ...tries };
    case "parked":
      return { verdict };
    case "answered":
      return { verdict, report: toBytes(answer) };
    default:
      throw new TypeError(`A claim was answered with ${verdict}.`);
  }
}
