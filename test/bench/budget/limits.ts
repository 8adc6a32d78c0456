// What the budget says about each goal that is not reached: what would be left of it if all that is ours cost nothing.
import type { Goal } from "../figures/goals.ts";
import { judgeGoal, type Verdict } from "../figures/judge-goal.ts";
import type { Results } from "../figures/results.ts";
import {
  cpuSentence,
  latenessSentence,
  type Measured,
  memorySentence,
  rateSentence,
} from "./limit-sentences.ts";

type Judged = { goals: readonly Goal[]; results: Results };

export function limitLines({ machine, loads }: Measured, { goals, results }: Judged): string[] {
  const missed = goals
    .map((goal) => judgeGoal(goal, results.rounds))
    .filter(({ isReached }) => isReached === false);
  if (missed.length === 0) return [];
  const sentences = Map.groupBy(missed, (verdict) => {
    return sentenceOf(verdict, { machine, loads }, results) ?? "";
  });
  return [
    "## What follows for the goals that are not reached",
    "",
    `Goals, ours and theirs as in the rounds of ${results.at.slice(0, 10)} ([RESULTS.md](RESULTS.md)); times are of the loads above.`,
    "",
    ...[...sentences].map(([sentence, verdicts]) => {
      const goalsOf = verdicts.map(({ goal }) => goal.what).join("; ");
      return sentence === "" ? `- Of no load above: ${goalsOf}.` : `- **${goalsOf}**: ${sentence}`;
    }),
    "",
  ];
}

function sentenceOf(verdict: Verdict, measured: Measured, results: Results): string | undefined {
  const { goal, ours } = verdict;
  const load = measured.loads.find(({ name }) => name === goal.scenario);
  if (ours === undefined || goal.system !== undefined) return undefined;
  if (load && goal.figure === "perSecond")
    return rateSentence(verdict, load, { machine: measured.machine, results });
  if (load && goal.figure === "cpuUs") return cpuSentence(verdict, load);
  if (load && goal.figure === "redisBytes") return memorySentence(verdict, load, results);
  if (goal.scenario === "lateness" && goal.figure === "p99Ms") {
    return latenessSentence(measured, results);
  }
  return undefined;
}
