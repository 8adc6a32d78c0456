// Rounds as a bench would leave them.
import type { Round, Sample } from "#test/bench/figures/results.ts";

export function sample(figures: Record<string, number>, foreignCores = 0): Sample {
  return { figures, cpuUs: { node: 20, redis: 5 }, foreignCores };
}

/** A round of one scenario for each pair of rates. */
export function rateRounds(rates: readonly (readonly [ours: number, peer: number])[]): Round[] {
  return rates.map(([ours, peer]) => ({
    take: { ours: sample({ perSecond: ours }), bullmq: sample({ perSecond: peer }) },
  }));
}
