// What is still to happen in virtual time.
import type { Tries } from "#libs/dispatch-store/replies.ts";
import type { StatusReportInput } from "#libs/fallback/inputs.ts";

/** A dispatcher's call for a command; the tries are those before this one. */
export type DueCall = { type: "call"; at: number; attemptIndex: number; tries: Tries };
export type DueReport = { type: "report"; at: number; report: StatusReportInput };
type DueTick = { type: "tick"; at: number };

/** Not in order; of two at the same instant, the one that was added first comes first. */
export type Agenda = (DueCall | DueReport)[];

/**
 * Takes what happens next, undefined once nothing does. A timer waits for what happens at the same
 * instant: a report that comes just in time counts, because no timer fires early.
 */
export function takeNext(
  agenda: Agenda,
  timerAt: number | null,
): DueCall | DueReport | DueTick | undefined {
  const soonest = Math.min(...agenda.map(({ at }) => at));
  if (timerAt !== null && timerAt < soonest) return { type: "tick", at: timerAt };
  const index = agenda.findIndex(({ at }) => at === soonest);
  return index < 0 ? undefined : agenda.splice(index, 1)[0];
}
