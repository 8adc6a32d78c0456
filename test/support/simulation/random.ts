// Chance that a seed repeats.

export type Random = {
  /** At least 0, below 1. */
  next(): number;
  /** At least `min`, below `max`. */
  between(min: number, max: number): number;
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number;
  isTrue(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Another chance, which does not change with how often this one is asked. */
  fork(): Random;
};

/** Mulberry32, by Tommy Ettinger (public domain). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    below,
    isTrue: (probability) => next() < probability,
    pick: (from) => {
      if (from.length === 0) throw new RangeError("There is nothing to pick from.");
      return from[below(from.length)]!;
    },
    fork: () => seededRandom(below(2 ** 32)),
  };
}
