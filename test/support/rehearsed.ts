// Rehearsals as tests read them: the rules with the seconds after which they were decided.
import type { SendRequestInput } from "#libs/fallback/inputs.ts";
import type { Step } from "#libs/fallback/state.ts";
import type { Behaviour } from "#libs/providers/simulated/behaviour.ts";
import type { Message } from "#libs/rehearsal/message.ts";
import { type Rehearsed, rehearse } from "#libs/rehearsal/rehearse.ts";
import { START, sent } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

/** Of an account that leaves codes to their classes. */
export const noRules = { codeRules: new Map() };

/** A message of these steps to somebody with a number. */
export function messageOf(steps: Step[], more: Partial<SendRequestInput> = {}): Message {
  return { request: storedRequest(), input: sent(steps, more), account: noRules };
}

export function rehearsed(steps: Step[], ...behaviours: Behaviour[]): Rehearsed {
  return rehearse(messageOf(steps), behaviours);
}

/** `60 wait-ended`: what was decided but for statuses, and after how many seconds. */
export function told({ events }: Rehearsed): string[] {
  const decisions = events.filter(({ type }) => type !== "STATUS_CHANGED");
  return decisions.map(({ at, rule }) => `${(at - START) / 1000} ${rule}`);
}

/** `2 DELIVERED`: the statuses of one attempt, and after how many seconds. */
export function statusesOf({ events }: Rehearsed, attemptIndex = 0): string[] {
  return events.flatMap((event) =>
    event.type === "STATUS_CHANGED" && event.attemptIndex === attemptIndex
      ? [`${(event.at - START) / 1000} ${event.status}`]
      : [],
  );
}
