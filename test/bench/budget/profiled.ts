import type { Profiled } from "./budget.ts";
import { type CpuProfile, chainsOf, type Frame, selfSamples } from "./cpu-profile.ts";
import { isNodes, OTHER, ownerOf, stageOf } from "./stages.ts";
import { waitsOf } from "./waits.ts";

/** Of what is in no stage, so many are named. */
const OTHER_COUNT_MAX = 5;

/** The samples by stage, without those in which nothing was done. */
export function toProfiled(profile: CpuProfile, samples: readonly number[]): Profiled {
  const staged = selfSamples(profile, samples).flatMap((self) => {
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
    waits: waitsOf(ownersOf(profile, samples)),
  };
}

/** Whose each sample is. */
function ownersOf(profile: CpuProfile, samples: readonly number[]) {
  const chainOf = chainsOf(profile);
  const stages = new Map([...new Set(samples)].map((id) => [id, stageOf(chainOf(id))]));
  return samples.map((id) => {
    const stage = stages.get(id) ?? null;
    return stage === null ? null : ownerOf(stage);
  });
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
