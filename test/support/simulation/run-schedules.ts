// Many schedules, one after the other, each by its own seed.
import { type Result, simulate } from "./simulate.ts";

export type Running = {
  fromSeed: number;
  count: number;
  /** How many that fail are looked for; the others of the run are not tried then. */
  failedCountMax: number;
  hasLosses?: boolean;
  /** Told after each. */
  onResult?: (result: Result, index: number) => void;
};

/** Runs them; returns those in which something was broken, with all that happened in the first. */
export async function runSchedules(running: Running): Promise<Result[]> {
  const { fromSeed, count, failedCountMax, hasLosses = false, onResult } = running;
  const failed: Result[] = [];
  for (let index = 0; index < count && failed.length < failedCountMax; index++) {
    const result = await simulate(fromSeed + index, { hasLosses });
    onResult?.(result, index);
    if (result.breaches.length > 0) failed.push(result);
  }
  return failed;
}

/** What is said of a schedule that fails. */
export function toldFailure({ seed, hasLosses, breaches }: Result): string {
  const losses = hasLosses ? "SIMULATION_LOSSES=1 " : "";
  const again = `${losses}SIMULATION_SEED=${seed} npm run test:simulation`;
  return [`Schedule ${seed} breaks what is promised; ${again} tells it again:`, ...breaches].join(
    "\n  - ",
  );
}
