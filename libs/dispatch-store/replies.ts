// What the dispatchers' scripts reply.
import { toBytes, toList, toNumber, toText } from "#libs/redis/reply.ts";
import type { PaceWord } from "./candidate.ts";
import type { Lane } from "./keys.ts";
import { decodePassedOver, type PassedOver } from "./passed-over.ts";

/** How often a command was refused as temporary, and how often its answer was lost. */
export type Tries = { refusalCount: number; lossCount: number };

/** Whom a command was given to so far. */
export type Asking = {
  /** Whom it was given to last, as their reports name them; null: nobody, or it was not kept. */
  called: string | null;
  /** Connections that did not take it. */
  passed: readonly PassedOver[];
};

/** How a delivered command was found; `report` if it was answered and there is something to say. */
export type Found = {
  state: "new" | "waiting" | "claimed" | "delayed" | "answered";
  report: Buffer | null;
};

/** A command that is to be handled now. */
export type Taken = Tries &
  Asking & {
    /**
     * `claimed`: call. `abandoned`: an earlier claim ended without an answer, maybe after its call.
     * `answered`: its report may not have been published.
     */
    verdict: "claimed" | "abandoned" | "answered";
    commandId: string;
    lane: Lane;
    /** Of `abandoned`: the earlier claim was this process's own. */
    wasMine: boolean;
    /** How often it could not be handled before. */
    failureCount: number;
    /** The record's value as it came. */
    command: Buffer;
    traceparent: string | undefined;
    /** Of `answered`; null if there is nothing to say. */
    report: Buffer | null;
  };

export type Turn = {
  taken: Taken[];
  /** When there is something to take again, ms; null: nothing waits. */
  nextInMs: number | null;
  waitingCount: number;
  oldestWaitMs: number;
};

/** Which candidate a command is given to. */
export type Begun = {
  /** Its place among the candidates; null: none may be called now. */
  index: number | null;
  /** How many others could have been. */
  othersCount: number;
  /** A call of it failed before: how this one ends has to be noted. */
  hasFailed: boolean;
  /** Until the picked one has a slot for it, ms; 0: it is called now. */
  pacedMs: number;
  /** Per candidate, when it may be tried (0: now), and what its last fault was. */
  circuits: { waitMs: number; why: string }[];
};

/** Of begin-call.lua: the index of the candidate whose paces are to be asked; undefined: it has picked. */
export function toAsked(reply: unknown): number | undefined {
  const [picked, index] = toList(reply);
  return toNumber(picked) === -2 ? toNumber(index) - 1 : undefined;
}

/** Of ask-pace.lua. */
export function toPaceWord(reply: unknown): PaceWord {
  const [waitMs, isGiven] = toList(reply).map(toNumber);
  return `${isGiven === 1 ? "slot" : "late"} ${Number(waitMs)}`;
}

/** Null: the claim is another's. */
export function toBegun(reply: unknown): Begun | null {
  const [picked, others, failed, paced, ...circuits] = toList(reply);
  const number = toNumber(picked);
  if (number < 0) return null;
  return {
    index: number === 0 ? null : number - 1,
    othersCount: toNumber(others),
    hasFailed: toText(failed) === "1",
    pacedMs: toNumber(paced),
    circuits: circuits.map((each) => {
      const [waitMs, why] = toList(each);
      return { waitMs: toNumber(waitMs), why: toText(why) };
    }),
  };
}

/** Of `take-in.lua`. Throws TypeError for what it does not reply. */
export function toFound(reply: unknown): Found {
  const [word, answer] = toList(reply);
  const state = toText(word) || "new";
  if (!isState(state)) throw new TypeError(`A command was found as ${state}.`);
  return { state, report: toReport(answer) };
}

/** Of `take.lua`. Throws TypeError for what it does not reply. */
export function toTurn(reply: unknown): Turn {
  const [next, waiting, oldest, ...items] = toList(reply);
  const nextInMs = toNumber(next);
  return {
    taken: items.map(toTaken),
    nextInMs: nextInMs < 0 ? null : nextInMs,
    waitingCount: toNumber(waiting),
    oldestWaitMs: toNumber(oldest),
  };
}

function toTaken(reply: unknown): Taken {
  const [verdict, commandId, accountId, lane, mine, refusals, losses, failures, ...rest] =
    toList(reply);
  const [command, trace, answer, called, passed] = rest;
  return {
    verdict: toVerdict(toText(verdict)),
    commandId: toText(commandId),
    lane: { accountId: toText(accountId), name: toText(lane) },
    wasMine: toNumber(mine) === 1,
    refusalCount: toNumber(refusals),
    lossCount: toNumber(losses),
    failureCount: toNumber(failures),
    called: toText(called) || null,
    passed: decodePassedOver(toText(passed)),
    command: toBytes(command),
    traceparent: toText(trace) || undefined,
    report: toReport(answer),
  };
}

function toReport(reply: unknown): Buffer | null {
  const bytes = toBytes(reply);
  return bytes.length > 0 ? bytes : null;
}

function isState(word: string): word is Found["state"] {
  return ["new", "waiting", "claimed", "delayed", "answered"].includes(word);
}

function toVerdict(word: string): Taken["verdict"] {
  if (word === "claimed" || word === "abandoned" || word === "answered") return word;
  throw new TypeError(`A command was taken as ${word}.`);
}
