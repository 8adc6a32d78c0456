// What a list of dead letters may be asked for, and which letters that means.
import { type Static, Type } from "typebox";
import type { Stood } from "#libs/dead-letters/dead-letters.ts";
import { type LetterHead, letterSources } from "#libs/dead-letters/letter.ts";
import { stageAdvice } from "#libs/dead-letters/stages.ts";
import { stateWord } from "./letter-view.ts";

const PAGE_COUNT_MAX = 200;
const PAGE_COUNT_DEFAULT = 50;

/** `all` has those, too, of which it was said that they are dealt with. */
export const STATES = ["open", "replaying", "replayed", "dropped", "all"] as const;

const instant = (description: string) =>
  Type.Optional(Type.String({ format: "date-time", description }));

export const LetterQuery = Type.Object(
  {
    topic: Type.Optional(Type.Enum([...letterSources], { description: "That it was for." })),
    stage: Type.Optional(
      Type.Enum(Object.keys(stageAdvice), { description: "Where handling it failed." }),
    ),
    key: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "Of its record: mostly the messageId.",
      }),
    ),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: "Part of its reason, in any case.",
      }),
    ),
    state: Type.Enum(STATES, {
      default: "open",
      description: "`open` are all that wait for somebody, with those whose replay has not ended.",
    }),
    from: instant("Set aside at this instant or later."),
    to: instant("Set aside at this instant or earlier."),
    limit: Type.Integer({ minimum: 1, maximum: PAGE_COUNT_MAX, default: PAGE_COUNT_DEFAULT }),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1_000,
        description: "`nextCursor` of the page before; every other parameter as it was there.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type LetterQuery = Static<typeof LetterQuery>;

/** Whether a letter is one of those that the query asks for, its topic and instants aside. */
export function isAskedFor(query: LetterQuery, letter: Stood<LetterHead>): boolean {
  const { stage, key, reason } = query;
  if (stage !== undefined && stage !== letter.stage) return false;
  if (key !== undefined && key !== letter.key?.toString()) return false;
  if (reason !== undefined && !hasPart(letter.reason, reason)) return false;
  return isInState(query.state, stateWord(letter.standing.state));
}

function hasPart(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function isInState(wanted: LetterQuery["state"], state: string): boolean {
  if (wanted === "all" || wanted === state) return true;
  return wanted === "open" && state === "replaying";
}
