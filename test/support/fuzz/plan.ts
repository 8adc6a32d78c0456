// What a run of the fuzz tier does, and how a part of it is played again.
import { createHash } from "node:crypto";

/** A good message must get through after each so many inputs of every target. */
export const ROUND_SIZE = 1_000;
/** Inputs that are made, and then fed, in one go: each hundred has a seed of its own. */
export const SLICE_SIZE = 100;

export type FuzzPlan = {
  /** Every input follows from it, its target's name and its place. */
  seed: number;
  /** Inputs for each topic and each route. */
  inputCount: number;
  /** The first input, to play a round again: a multiple of a round's size. */
  from: number;
  /** The only target that is fuzzed; all are if it is empty. */
  only: string;
};

/** Reads `FUZZ_*`, as `npm run test:fuzz` sets them; without them it is a short run of a fixed seed. */
export function readFuzzPlan(shortCount: number): FuzzPlan {
  const { FUZZ_SEED, FUZZ_INPUTS, FUZZ_FROM, FUZZ_ONLY } = process.env;
  return {
    seed: Number(FUZZ_SEED ?? 1),
    inputCount: Number(FUZZ_INPUTS ?? shortCount),
    from: Number(FUZZ_FROM ?? 0),
    only: FUZZ_ONLY ?? "",
  };
}

/** The seed of the inputs of `target` that begin with the one at `from`: 32 bits. */
export function sliceSeed({ seed }: FuzzPlan, target: string, from: number): number {
  return createHash("sha256").update(`${seed} ${target} ${from}`).digest().readInt32BE(0);
}

/** The command that plays one round again, of one target or of all that it was of. */
export function replayCommand({ seed, inputCount }: FuzzPlan, from: number, only: string): string {
  const to = Math.min(inputCount, from + ROUND_SIZE);
  const chosen = only === "" ? "" : ` --only '${only}'`;
  return `npm run test:fuzz -- --seed ${seed}${chosen} --from ${from} --inputs ${to}`;
}
