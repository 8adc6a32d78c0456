// Whether a run can be believed: what others did on the machine meanwhile.
import type { Goal } from "./goals.ts";
import type { Round, Sample } from "./results.ts";

/** A twentieth of a core: what an idle machine's own housekeeping does not reach. */
const FOREIGN_CORES_MAX = 0.05;

export function isQuiet({ foreignCores }: Pick<Sample, "foreignCores">): boolean {
  return foreignCores <= FOREIGN_CORES_MAX;
}

/** Those during which neither of a goal's systems was disturbed. */
export function quietRounds(
  { scenario, system = "ours", peer }: Pick<Goal, "scenario" | "system" | "peer">,
  rounds: readonly Round[],
): Round[] {
  return rounds.filter((round) =>
    [system, peer ?? system].every((name) => {
      const sample = round[scenario]?.[name];
      return sample === undefined || isQuiet(sample);
    }),
  );
}

/** A sentence for each measurement that others disturbed; none where the machine was quiet. */
export function noiseOf(rounds: readonly Round[]): string[] {
  return rounds.flatMap((round, index) =>
    Object.entries(round).flatMap(([scenario, systems]) =>
      Object.entries(systems)
        .filter(([, sample]) => !isQuiet(sample))
        .map(([system, { foreignCores }]) => {
          const busy = foreignCores.toFixed(2);
          return `round ${index + 1}, ${scenario}, ${system}: others kept ${busy} cores busy`;
        }),
    ),
  );
}
