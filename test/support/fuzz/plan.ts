// What a run of the fuzz tier is asked for, and how a round of it is played again.
import { createHash } from "node:crypto";

/** A good message must get through after each so many inputs. */
export const ROUND_SIZE = 1_000;

export type FuzzPlan = {
  /** Every input follows from it, its target's name and its place. */
  seed: number;
  /** Inputs for each topic and each route. */
  inputCount: number;
  /** The first input, to play a round again. */
  from: number;
  /** The only target that is fuzzed; all are if it is empty. */
  only: string;
};

/** Reads `FUZZ_*`, as `npm run test:fuzz` sets them; `shortCount` inputs where nothing is said. */
export function readFuzzPlan(shortCount: number): FuzzPlan {
  const { FUZZ_SEED, FUZZ_INPUTS, FUZZ_FROM, FUZZ_ONLY } = process.env;
  return {
    seed: Number(FUZZ_SEED ?? 1),
    inputCount: Number(FUZZ_INPUTS ?? shortCount),
    from: Number(FUZZ_FROM ?? 0),
    only: FUZZ_ONLY ?? "",
  };
}

/** The seed of the round that begins with input `from`: 32 bits. */
export function roundSeed({ seed }: FuzzPlan, target: string, from: number): number {
  return createHash("sha256").update(`${seed} ${target} ${from}`).digest().readInt32BE(0);
}

/** The command that plays one round again. */
export function replayCommand({ seed }: FuzzPlan, target: string, from: number): string {
  return `npm run test:fuzz -- --seed ${seed} --only '${target}' --from ${from} --inputs ${from + ROUND_SIZE}`;
}
