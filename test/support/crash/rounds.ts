// Which strikes come together, in which order. Pure.
import { type Draw, drawsOf } from "./draws.ts";
import type { Strike } from "./strike.ts";

/** So many groups of all strikes; fewer would strike one process with several at a time. */
const GROUP_COUNT_MIN = 3;
/** A longer run varies which come together. */
const GROUP_COUNTS = 4;

export type Planned = {
  /** The round's. */
  readonly seed: number;
  readonly group: readonly Strike[];
  /** The group's own. */
  readonly draw: Draw;
};

/**
 * `roundCount` rounds; in each every strike comes once. A round follows from its seed, the first's is `seed`
 * and each further one's is the next number. 0 rounds: one, of the largest groups, without those that stand alone.
 */
export function planRounds(
  strikes: readonly Strike[],
  { seed, roundCount }: { seed: number; roundCount: number },
): Planned[] {
  const together = strikes.filter(({ isAlone }) => !isAlone);
  if (roundCount === 0) return planned(spread(together, GROUP_COUNT_MIN), seed);
  const alone = strikes.filter(({ isAlone }) => isAlone).map((each) => [each]);
  return Array.from({ length: roundCount }, (_, index) => {
    const roundSeed = seed + index;
    return planned([...spread(together, groupCount(drawsOf(roundSeed))), ...alone], roundSeed);
  }).flat();
}

function groupCount(draw: Draw): number {
  return GROUP_COUNT_MIN + draw(GROUP_COUNTS);
}

/** Neighbours in the list strike the same service: they come in different groups. */
function spread(strikes: readonly Strike[], count: number): Strike[][] {
  const groups = Array.from({ length: count }, (_, index) =>
    strikes.filter((_each, place) => place % count === index),
  );
  return groups.filter((group) => group.length > 0);
}

function planned(groups: readonly (readonly Strike[])[], seed: number): Planned[] {
  return groups.map((group, index) => ({ seed, group, draw: drawsOf(seed * 31 + index) }));
}
