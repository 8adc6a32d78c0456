import type { Bench } from "../bench.ts";
import type { Sample } from "../figures/results.ts";

/** What is measured, of us and of our peers, in turn. */
export type Scenario = {
  name: string;
  title: string;
  /** What the CPU is divided by. */
  event: string;
  /** By the system's name; ours is `ours` where there is one. Null of one that this machine cannot run. */
  systems: Readonly<Record<string, (bench: Bench) => Promise<Sample | null>>>;
};
