// `npm run bench -- --check`: whether anything became worse than what is committed.
import type { Goal } from "./goals.ts";
import { judgeGoal } from "./judge-goal.ts";
import { quietRounds } from "./noise.ts";
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

export type Unjudged = {
  what: string;
  /** `noisy`: others used the machine in all but two rounds at most. `absent`: a run has fewer than three of both systems. */
  why: "noisy" | "absent";
};

export type Check = { compared: readonly Compared[]; unjudged: readonly Unjudged[] };
type Runs = { before: readonly Round[]; now: readonly Round[] };

/**
 * Every ratio to a peer, of the scenarios that were measured now, from the rounds that nobody disturbed. Figures by
 * themselves are left out: they tell of the machine as much as of us.
 */
export function checkRatios(goals: readonly Goal[], { before, now }: Runs): Check {
  const judged = goals
    .filter(({ peer, scenario }) => peer !== undefined && now.some((round) => scenario in round))
    .map((goal) => compare(goal, { before, now }));
  return {
    compared: judged.filter((each) => "loss" in each),
    unjudged: judged.filter((each) => "why" in each),
  };
}

/** Of a ratio that is to be small, the loss is in what one gets for the same. */
function compare(goal: Goal, { before, now }: Runs): Compared | Unjudged {
  const { what } = goal;
  const ratioOf = (rounds: readonly Round[]) => judgeGoal(goal, rounds).value;
  const [was, is] = [ratioOf(quietRounds(goal, before)), ratioOf(quietRounds(goal, now))];
  if (was !== undefined && is !== undefined) {
    const loss = "atLeast" in goal ? 1 - is / was : 1 - was / is;
    return { what, before: was, now: is, loss };
  }
  const isThere = ratioOf(before) !== undefined && ratioOf(now) !== undefined;
  return { what, why: isThere ? "noisy" : "absent" };
}

/** Those that lost more than a fifth. */
export function lossesOf({ compared }: Check): Compared[] {
  return compared.filter(({ loss }) => loss > LOSS_MAX);
}

/** 1 where something is lost; 2 where nothing is, but noise, or too few rounds, left something, or all, open. */
export function exitCodeOf(check: Check): 0 | 1 | 2 {
  if (lossesOf(check).length > 0) return 1;
  const isOpen = check.unjudged.some(({ why }) => why === "noisy");
  return isOpen || check.compared.length === 0 ? 2 : 0;
}
