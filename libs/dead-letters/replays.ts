// What putting a letter back on its topic leads to, and when it is not done.
import type { DeadLetterState } from "#libs/contracts/generated/types.ts";
import { channels, dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { showInstant } from "#libs/show-instant.ts";
import type { LetterHead } from "./letter.ts";

/** Whoever has put a record back so often, and it died each time, is to look before the next time. */
const REPLAY_COUNT_MAX = 3;

type Replay = { isPossible: boolean; effect: string };

const aCommand: Replay = {
  isPossible: true,
  effect:
    "The step is called if its message still waits for it and its time is not over; else that is reported, and nobody is called. A command that was answered repeats its report, not the call.",
};

/** By topic; `effect` is a whole sentence for whoever is about to do it. */
export const replaysOf: Readonly<Record<string, Replay>> = {
  [topics.sendRequests.name]: {
    isPossible: true,
    effect:
      "The message is sent as if it was asked for now. A messageId that is known sends nothing, and a request that is older than 24 hours ends as REJECTED (stale-request).",
  },
  [topics.cancelRequests.name]: {
    isPossible: true,
    effect: "The message is cancelled if it has not ended by then; else nothing happens.",
  },
  [topics.statusReports.name]: {
    isPossible: true,
    effect:
      "Its message takes the report, however late: it may end the message, or amend its outcome. One that it has had changes nothing.",
  },
  [topics.timerTicks.name]: {
    isPossible: true,
    effect:
      "Harmless and of little use: the message looks whether its wait is over. A timer that is still there fires by itself.",
  },
  ...Object.fromEntries(channels.map((channel) => [dispatchTopic(channel), aCommand])),
  [topics.messageOutcomes.name]: {
    isPossible: false,
    effect: "Outcomes are for others to read, who would take it for news.",
  },
  [topics.messageJournal.name]: {
    isPossible: false,
    effect:
      "The journal has to end with each message's newest state, and this one may be older. What is stored in Redis is published again by itself.",
  },
  [topics.settings.name]: {
    isPossible: false,
    effect: "Settings are changed by the API alone, which checks them.",
  },
};

/** What became of a letter; `OPEN` where nothing was done. */
export type Standing = {
  state: DeadLetterState;
  /** Of the last thing that was done; null for OPEN. */
  markedAt: number | null;
  markedBy: string | null;
  /** How often this content was put back, from this letter or from one before it. */
  replayCount: number;
};

/** Why the letter can never be put back; null if it can. */
export function whyNeverReplayed({ topic, stage, source, byteCount }: LetterHead): string | null {
  const { isPossible = false, effect = "" } = replaysOf[topic] ?? {};
  if (!isPossible) return `${topic} takes no replays. ${effect}`;
  if (byteCount === null) return "Its bytes were not kept.";
  if (source?.lastOffset) return "It is a whole batch, not a record.";
  const isRecord = stage === null ? source !== null : stage !== "receipt" && stage !== "timer";
  return isRecord ? null : "Its bytes are no record of the topic, but what was to become one.";
}

/** Why it is not put back without force; null if it is. */
export function whyNotReplayed({
  state,
  markedAt,
  markedBy,
  replayCount,
}: Standing): string | null {
  const when = `${showInstant(markedAt ?? 0)} by ${markedBy}`;
  switch (state) {
    case "REPLAYED":
      return `It was put back at ${when}.`;
    case "DROPPED":
      return `It was dropped at ${when}.`;
    case "REPLAYING":
      return `A replay began at ${when} and has not ended: it may have been put back.`;
    case "OPEN":
    case "UNKNOWN":
      return replayCount < REPLAY_COUNT_MAX
        ? null
        : `It was put back ${replayCount} times, and died again each time.`;
  }
}
