// What a run says of a goal: ours, the peer's, and whether it is reached.
import type { Goal } from "./goals.ts";
import { quietRounds } from "./noise.ts";
import { figuresOf, type Round } from "./results.ts";
import { median } from "./statistics.ts";

/** Below this many rounds one odd round is the ratio. */
export const ROUND_COUNT_MIN = 3;

export type Verdict = {
  goal: Goal;
  ours: number | undefined;
  theirs: number | undefined;
  /** What the goal is about: the ratio, or ours. Undefined where there are too few rounds for it. */
  value: number | undefined;
  isReached: boolean | undefined;
};

/**
 * Undefined figures are those that were not measured. A ratio is of the rounds in which nobody disturbed either system,
 * where there are enough of them; else of all, as figures by themselves are.
 */
export function judgeGoal(goal: Goal, rounds: readonly Round[]): Verdict {
  const { scenario, figure, peer, system = "ours" } = goal;
  const known = figuresOf(rounds, { scenario, figure, system });
  const ours = goal.isNever && known.length > 0 ? Math.max(...known) : middleOf(known);
  const theirs =
    peer === undefined
      ? undefined
      : middleOf(figuresOf(rounds, { scenario, figure, system: peer }));
  const quiet = quietRounds(goal, rounds);
  const paired = quiet.length < ROUND_COUNT_MIN ? rounds : quiet;
  const value = peer === undefined ? ours : ratioOf(paired, { scenario, figure, system, peer });
  return { goal, ours, theirs, value, isReached: value === undefined ? value : meets(goal, value) };
}

type Pair = { scenario: string; figure: string; system: string; peer: string };

/**
 * The middle of the rounds' ratios, round by round because the machine's speed drifts. Undefined from fewer than
 * three rounds that have both.
 */
function ratioOf(rounds: readonly Round[], pair: Pair): number | undefined {
  const { scenario, figure, system, peer } = pair;
  const ratios = rounds.flatMap((round) => {
    const [ours] = figuresOf([round], { scenario, figure, system });
    const [theirs] = figuresOf([round], { scenario, figure, system: peer });
    return ours === undefined || theirs === undefined || theirs === 0 ? [] : ours / theirs;
  });
  return ratios.length < ROUND_COUNT_MIN ? undefined : median(ratios);
}

function middleOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : median(values);
}

function meets(goal: Goal, value: number): boolean {
  return "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
}
