/** Draws a whole number from 0 to below `count`; the same seed gives the same row of them. */
export type Draw = (count: number) => number;

/** Mulberry32: small, and even enough to choose moments by. */
export function drawsOf(seed: number): Draw {
  let state = seed >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
}
