// What the budget says about each goal that is not reached: what would be left of it if all that is ours cost nothing.
import type { Goal } from "../figures/goals.ts";
import { judgeGoal, type Verdict } from "../figures/judge-goal.ts";
import { isQuiet } from "../figures/noise.ts";
import type { Machine, Results } from "../figures/results.ts";
import { show } from "../figures/show.ts";
import type { LoadBudget } from "./budget.ts";
import {
  coresSentence,
  cpuSentence,
  memorySentence,
  type Run,
  rateSentence,
  waitSentence,
  wantedOf,
} from "./limit-sentences.ts";

type Judged = { goals: readonly Goal[]; results: Results };
/** CPU that others take of a cache, or of a core's other half, is in ours. */
const NOISE = "Others used the machine meanwhile: on a quiet one it takes less.";

type Measured = { machine: Machine; loads: readonly LoadBudget[] };

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
      const goalsOf = verdicts.map(nameOf).join("; ");
      return sentence === "" ? `- Of no load above: ${goalsOf}.` : `- **${goalsOf}**: ${sentence}`;
    }),
    "",
  ];
}

/** Goals about lateness share a sentence, so each says by itself what it asks for. */
function nameOf(verdict: Verdict): string {
  const { what, figure } = verdict.goal;
  return figure === "p99Ms" ? `${what} (asks for ${show(wantedOf(verdict))})` : what;
}

function sentenceOf(
  verdict: Verdict,
  { machine, loads }: Measured,
  results: Results,
): string | undefined {
  const { scenario, figure, system = "ours" } = verdict.goal;
  const load = loads.find((each) => {
    return each.scenario === scenario && each.system === system && each.figures.includes(figure);
  });
  if (!load) return undefined;
  const sentence = limitOf(verdict, load, { machine, results });
  return isQuiet(load) ? sentence : `${sentence} ${NOISE}`;
}

function limitOf(verdict: Verdict, load: LoadBudget, { machine, results }: Run): string {
  switch (verdict.goal.figure) {
    case "perSecond":
      return rateSentence(verdict, load, { machine, results });
    case "cpuUs":
      return cpuSentence(verdict, load);
    case "redisBytes":
      return memorySentence(verdict, load, results);
    case "p99Ms":
      return waitSentence(verdict, load, { machine, results });
    case "cores":
      return coresSentence(verdict, load);
    default:
      throw new Error(`No sentence is about ${verdict.goal.figure}.`);
  }
}
