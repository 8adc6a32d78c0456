// What a run leaves: every round as it was measured. All tables, ratios and plots are made of this.

/** One measurement of one system. */
export type Sample = {
  /** By name, which ends in the unit where it has one; `cpuUs` is the sum of the processes'. */
  figures: Readonly<Record<string, number>>;
  /** CPU per event of each process, microseconds. */
  cpuUs: Readonly<Record<string, number>>;
  /** How many cores others than the bench kept busy meanwhile. */
  foreignCores: number;
};

/** By scenario, then by system: all of them measured one after the other. */
export type Round = Readonly<Record<string, Readonly<Record<string, Sample>>>>;

export type Machine = {
  cores: number;
  model: string;
  node: string;
  /** Which cores servers and generators were kept on, and which what is measured; null where that cannot be had. */
  pinned: { servers: string; measured: string } | null;
};

export type Results = {
  at: string;
  machine: Machine;
  plan: Readonly<Record<string, number>>;
  rounds: readonly Round[];
};

/** A figure of a system in every round that has it. */
export function figuresOf(
  rounds: readonly Round[],
  { scenario, system, figure }: { scenario: string; system: string; figure: string },
): number[] {
  return rounds.flatMap((round) => round[scenario]?.[system]?.figures[figure] ?? []);
}
