// What is told of several rounds: the middle, and how far they lie apart.

/** The middle value; of an even number the mean of both middle ones. Throws of none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("There is no middle of nothing.");
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

/** The value that `share` of all do not exceed (nearest rank). Throws of none. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("There is no share of nothing.");
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export type Spread = { middle: number; least: number; most: number };

/** The middle with the least and the most. */
export function spread(values: readonly number[]): Spread {
  return { middle: median(values), least: Math.min(...values), most: Math.max(...values) };
}
