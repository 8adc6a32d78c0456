import type { Profiled } from "./budget.ts";
import type { Frame, Self } from "./cpu-profile.ts";
import { isNodes, OTHER, stageOf } from "./stages.ts";

/** Of what is in no stage, so many are named. */
const OTHER_COUNT_MAX = 5;

/** The samples by stage, without those in which nothing was done. */
export function toProfiled(selves: readonly Self[]): Profiled {
  const staged = selves.flatMap((self) => {
    const stage = stageOf(self.chain);
    return stage === null ? [] : [{ ...self, stage }];
  });
  const others = staged.filter(({ stage }) => stage === OTHER);
  const places = sums(others.map(({ chain, sampleCount }) => [placeOf(chain), sampleCount]));
  return {
    stages: sums(staged.map(({ stage, sampleCount }) => [stage, sampleCount])),
    others: Object.entries(places)
      .map(([place, sampleCount]) => ({ place, sampleCount }))
      .toSorted((a, b) => b.sampleCount - a.sampleCount)
      .slice(0, OTHER_COUNT_MAX),
  };
}

function sums(entries: readonly (readonly [string, number])[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [name, count] of entries) all[name] = (all[name] ?? 0) + count;
  return all;
}

/** The innermost function that is not Node's own, from its file's folder on. */
function placeOf(chain: readonly Frame[]): string {
  const frame = chain.find((each) => !isNodes(each)) ?? { functionName: "", url: "" };
  return `${frame.functionName || "(anonymous)"} ${frame.url.split("/").slice(-3).join("/")}`;
}
