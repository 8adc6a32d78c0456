// Which behaviours a rehearsal plays at each step, where it is not told one.
import type { Step } from "#libs/fallback/state.ts";
import type { Behaviour } from "#libs/providers/simulated/behaviour.ts";

/** Of these, each leads a flow another way; the other behaviours end like one of them. */
const ESSENTIAL = ["read", "delivered", "sent", "undelivered", "refused", "late"] as const;
/** Enough to see both what follows a success and what follows a failure. */
const REDUCED = ["delivered", "undelivered"] as const;
/** The one that every list has: it leads on, so that every ending of a long flow is still there. */
const SINGLE = ["undelivered"] as const;

/** By channel, or by the step's 0-based index, which wins. */
export type Assumptions = Readonly<Record<string, Behaviour | undefined>>;

export type Candidates = {
  behaviours: readonly Behaviour[];
  /** Played until it is the step's turn; one of `behaviours` and of each reduction. */
  first: Behaviour;
  /** From the most to the fewest, for flows with too many combinations. */
  reductions: readonly (readonly Behaviour[])[];
};

/** What is played at a step: the behaviour that is assumed, else every essential one. */
export function candidatesOf(step: Step, index: number, assumed: Assumptions): Candidates {
  const named = assumed[String(index)] ?? assumed[step.channel];
  if (named !== undefined) return { behaviours: [named], first: named, reductions: [] };
  // An SMS is never read.
  const behaviours = ESSENTIAL.filter((each) => each !== "read" || step.channel !== "sms");
  return { behaviours, first: "undelivered", reductions: [REDUCED, SINGLE] };
}
