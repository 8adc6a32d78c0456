// What the dispatchers of a channel have to call for: in Redis, in lanes by account and sender,
// shared by all of them, handed out in fair turns and at each sender's rate. A command is claimed
// before its provider is called, and its answer stays beside the claim: it is called for once, however
// often it is delivered. It leaves only when it is done, so that none is lost with its dispatcher.

import { runClockedScript } from "#libs/redis/clocked-script.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { runOpenClockedScript, runOpenScript } from "#libs/redis/open-script.ts";
import type { Script } from "#libs/redis/read-script.ts";
import { toList, toNumber } from "#libs/redis/reply.ts";
import { type Candidate, candidateArgs, type PaceWord, paceArgs } from "./candidate.ts";
import { dispatchKeys, type Lane, paceKeys } from "./keys.ts";
import { encodePassedOver, type PassedOver } from "./passed-over.ts";
import {
  type Begun,
  type Found,
  type Turn,
  toAsked,
  toBegun,
  toFound,
  toPaceWord,
  toTurn,
} from "./replies.ts";
import {
  askPaceScript,
  beginCallScript,
  forgetScript,
  noteEndScript,
  putOffScript,
  saveAnswerScript,
  takeInScript,
  takeScript,
} from "./scripts.ts";
import { sliced } from "./sliced.ts";

/** Longer than any record is redelivered: topics keep commands for 7 days. */
const CLAIM_KEEP_MS = 8 * 24 * 3_600_000;
/** What may go at once after a pause, as a part of a second's calls. */
const BURST_SECONDS = 0.1;
/** What one run takes out of the lanes, and by how much its last command may exceed it. */
const TAKEN_BYTES_MAX = 4 * 1024 * 1024;

export type Arrival = {
  commandId: string;
  lane: Lane;
  /** The record's value as it came. */
  command: Buffer;
  traceparent: string | undefined;
};

/** Places that calls hold, by account and by the lane's name. */
export type Held = {
  accounts: Readonly<Record<string, number>>;
  lanes: Readonly<Record<string, number>>;
};

export type Taking = {
  /** How many calls may begin. */
  placeCount: number;
  held: Held;
  /** Commands that are done since the last call: their bytes go. */
  done: readonly string[];
};

export type PuttingOff = {
  delayMs: number;
  /** What is counted: after a refusal, a lost answer, a fault of ours, or nothing. */
  because: "refused" | "lost" | "failed" | "passed-on" | "held" | "paced" | "not-begun";
  /** No call was made: the sender's token goes back. */
  isUncalled: boolean;
  /** The provider may have the message, and nobody knows its answer; null: what is kept of that stays. */
  isAnswerLost: boolean | null;
  /** Who did not take it so far; absent: as before. */
  passed?: readonly PassedOver[];
};

/** `leftMs`: how long the command may still be called. */
export type Beginning = { candidates: readonly Candidate[]; leftMs: number };

export type CallEnd = {
  /** The fault; null: there was none, and its circuit closes. */
  why: string | null;
  /** So many faults in a row open it. */
  countMax: number;
  /** How long for, the first time and at most, ms. */
  openMs: number;
  openMaxMs: number;
};

export type Lanes = {
  /** Puts commands into their lanes. Repeatable: one that is known is left as it is. */
  takeIn(arrivals: readonly Arrival[]): Promise<Found[]>;
  /** Claims what is next, for the lease, with a token of its sender for each. */
  take(taking: Taking): Promise<Turn>;
  /** Picks whom it is given to, and keeps that; null if it is another's by now, and nobody may be called. */
  beginCall(commandId: string, beginning: Beginning): Promise<Begun | null>;
  /** Notes how a call of a connection ended. Resolves with how long nobody calls it now, ms. */
  noteEnd(provider: string, end: CallEnd): Promise<number>;
  /** Keeps the last word on a command; null: there is nothing to say. */
  saveAnswer(
    commandId: string,
    answer: { report: Buffer | null; isUncalled: boolean },
  ): Promise<void>;
  /** Lets a command come again. Resolves with how often that was so for the same reason. */
  putOff(commandId: string, how: PuttingOff): Promise<number>;
  /** Takes a command that cannot be handled out of the queue; only its answer is kept. */
  forget(commandId: string): Promise<void>;
};

type LanesOptions = {
  channel: string;
  /** Names this process, uniquely. */
  owner: string;
  /** Must be longer than a call can take. */
  leaseMs: number;
  /** Of every sender, over all dispatchers. */
  ratePerSecond: number;
};

/** To put-off.lua: what is kept stays. */
const AS_BEFORE = "-";

const COUNTERS = {
  refused: "refusals",
  lost: "losses",
  failed: "failures",
  "passed-on": "",
  held: "",
  paced: "",
  "not-begun": "",
} as const;

/**
 * The lanes of one channel as one dispatcher sees them. Each method rejects with RetriableError while
 * Redis is away; those that take or call do so while its clock is, too.
 */
export function dispatchLanes(redis: RedisConnection, options: LanesOptions): Lanes {
  const { owner, leaseMs } = options;
  const keys = dispatchKeys(options.channel);
  const pace = paceOf(options.ratePerSecond);
  const run = (script: Script, ...args: (string | Buffer)[]) =>
    runOpenScript(redis, script, { keys, args: [...pace, ...args] });
  const runClocked = (script: Script, ...args: (string | Buffer)[]) =>
    runOpenClockedScript(redis, script, { keys, args: [...pace, ...args] });
  const askPace = async (commandId: string, candidate: Candidate, leftMs: number) => {
    const call = { keys: paceKeys(options.channel, commandId), args: paceArgs(candidate, leftMs) };
    return toPaceWord(await runClockedScript(redis, askPaceScript, call));
  };
  return {
    async takeIn(arrivals) {
      const replies = await Promise.all(
        sliced(arrivals).map((slice) => runClocked(takeInScript, ...slice.flatMap(argsOf))),
      );
      return replies.flatMap((reply) => toList(reply).map(toFound));
    },
    async take({ placeCount, held, done }) {
      const limits = [String(leaseMs), String(placeCount), String(TAKEN_BYTES_MAX)];
      return toTurn(await runClocked(takeScript, owner, ...limits, JSON.stringify(held), ...done));
    },
    async beginCall(commandId, { candidates, leftMs }) {
      const words = candidates.map(({ paces }): PaceWord => (paces.length > 0 ? "ask" : "slot 0"));
      for (;;) {
        const args = candidates.flatMap((each, index) =>
          candidateArgs(each, words[index] ?? "ask"),
        );
        const reply = await runClocked(beginCallScript, commandId, owner, String(leaseMs), ...args);
        const asked = toAsked(reply);
        const candidate = asked === undefined ? undefined : candidates[asked];
        if (asked === undefined || !candidate) return toBegun(reply);
        words[asked] = await askPace(commandId, candidate, leftMs);
      }
    },
    async noteEnd(provider, { why, countMax, openMs, openMaxMs }) {
      const limits = [countMax, openMs, openMaxMs].map(String);
      return toNumber(await run(noteEndScript, provider, why ?? "", ...limits));
    },
    async saveAnswer(commandId, { report, isUncalled }) {
      await run(saveAnswerScript, commandId, report ?? "", flag(isUncalled));
    },
    async putOff(commandId, { delayMs, because, isUncalled, isAnswerLost, passed }) {
      const how = [String(Math.ceil(delayMs)), COUNTERS[because], flag(isUncalled)];
      const known = [
        isAnswerLost === null ? AS_BEFORE : flag(isAnswerLost),
        passed ? encodePassedOver(passed) : AS_BEFORE,
      ];
      return toNumber(await run(putOffScript, commandId, owner, ...how, ...known));
    },
    async forget(commandId) {
      await run(forgetScript, commandId);
    },
  };
}

function paceOf(ratePerSecond: number): string[] {
  const intervalUs = Math.round(1_000_000 / ratePerSecond);
  const burstCount = Math.max(1, Math.floor(ratePerSecond * BURST_SECONDS));
  return [String(intervalUs), String(burstCount), String(CLAIM_KEEP_MS)];
}

function argsOf({ commandId, lane, command, traceparent = "" }: Arrival): (string | Buffer)[] {
  return [commandId, lane.accountId, lane.name, command, traceparent];
}

function flag(isSo: boolean): string {
  return isSo ? "1" : "0";
}
