// What many rehearsals of one message have in common.
import type { FallbackEvent } from "#libs/fallback/events.ts";
import type { Outcome } from "#libs/fallback/words.ts";
import { duplicateRisk } from "./duplicate-risk.ts";
import { endingOf } from "./ending.ts";
import type { Rehearsed } from "./rehearse.ts";

/** Rehearsals that end alike, and one of them: the shortest. */
export type EndingGroup = {
  outcome: Outcome;
  channel: string | null;
  duplicate: boolean;
  count: number;
  example: Rehearsed;
};

export type Summary = {
  /** The most frequent first. */
  endings: readonly EndingGroup[];
  /** The one that takes longest until its outcome. */
  worst: Rehearsed;
  /** The one in which somebody gets it, but latest; undefined where nobody ever does. */
  slowest: Rehearsed | undefined;
  /** Steps that are part of a duplicate which is certain, or else possible; none: there is none. */
  duplicates: { risk: "none" | "possible" | "certain"; by: readonly DuplicateCause[] };
};

/** A step that behaves so may be one of two that reach the recipient. */
export type DuplicateCause = { stepIndex: number; behaviour: string };

/** Throws for an empty list. */
export function summarize(rehearsals: readonly Rehearsed[]): Summary {
  const groups = Map.groupBy(rehearsals, (each) => {
    const { outcome, channel, duplicate } = endingOf(each);
    return `${outcome} ${channel} ${duplicate}`;
  });
  const endings = [...groups.values()].map(toGroup).toSorted((a, b) => b.count - a.count);
  const worst = longestOf(rehearsals);
  if (!worst) throw new Error("There is no rehearsal to be summarized.");
  const succeeding = rehearsals.filter(({ events }) => events.some(isSuccess));
  return { endings, worst, slowest: longestOf(succeeding), duplicates: duplicatesOf(rehearsals) };
}

function toGroup(alike: readonly Rehearsed[]): EndingGroup {
  const example = alike.reduce((a, b) => (durationOf(b) < durationOf(a) ? b : a));
  const { outcome, channel, duplicate } = endingOf(example);
  return { outcome, channel, duplicate, count: alike.length, example };
}

function isSuccess(event: FallbackEvent): boolean {
  return event.type === "MESSAGE_ENDED" && event.outcome === "SUCCEEDED";
}

function longestOf(rehearsals: readonly Rehearsed[]): Rehearsed | undefined {
  return rehearsals.toSorted((a, b) => durationOf(b) - durationOf(a))[0];
}

function durationOf(rehearsed: Rehearsed): number {
  return endingOf(rehearsed).durationMs;
}

function duplicatesOf(rehearsals: readonly Rehearsed[]): Summary["duplicates"] {
  const all = rehearsals.map((each) => ({ each, found: duplicateRisk(each) }));
  const risk = (["certain", "possible"] as const).find((word) =>
    all.some(({ found }) => found.risk === word),
  );
  if (risk === undefined) return { risk: "none", by: [] };
  const by = all.flatMap(({ each, found }) => (found.risk === risk ? firstCause(each, found) : []));
  const distinct = new Map(by.map((cause) => [`${cause.stepIndex} ${cause.behaviour}`, cause]));
  return { risk, by: [...distinct.values()].toSorted((a, b) => a.stepIndex - b.stepIndex) };
}

/** The first of the attempts: it was left although it had reached, or may reach, the recipient. */
function firstCause(
  { behaviours }: Rehearsed,
  { attemptIndexes }: { attemptIndexes: readonly number[] },
): DuplicateCause[] {
  const stepIndex = attemptIndexes[0];
  const behaviour = stepIndex === undefined ? undefined : behaviours[stepIndex];
  return stepIndex === undefined || behaviour === undefined ? [] : [{ stepIndex, behaviour }];
}
