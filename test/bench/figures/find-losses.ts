// `npm run bench -- --check`: whether anything became worse than what is committed.
import type { Goal } from "./goals.ts";
import { judgeGoal } from "./judge-goal.ts";
import type { Round } from "./results.ts";

/** A quiet machine's rounds differ by some 10 %. */
export const LOSS_MAX = 0.2;

export type Compared = {
  what: string;
  before: number;
  now: number;
  /** The share of what was there that is gone; below 0 it is a gain. */
  loss: number;
};

/**
 * Every ratio to a peer that both runs have. Figures by themselves are left out: they tell of the machine as much as of
 * us. Of a ratio that is to be small, the loss is in what one gets for the same.
 */
export function compareRatios(
  goals: readonly Goal[],
  { before, now }: { before: readonly Round[]; now: readonly Round[] },
): Compared[] {
  return goals
    .filter(({ peer }) => peer !== undefined)
    .flatMap((goal) => {
      const [was, is] = [judgeGoal(goal, before).value, judgeGoal(goal, now).value];
      if (was === undefined || is === undefined || was === 0 || is === 0) return [];
      const loss = "atLeast" in goal ? 1 - is / was : 1 - was / is;
      return [{ what: goal.what, before: was, now: is, loss }];
    });
}

/** Those that lost more than a fifth. */
export function lossesOf(compared: readonly Compared[]): Compared[] {
  return compared.filter(({ loss }) => loss > LOSS_MAX);
}
