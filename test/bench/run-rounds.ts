import type { Progress } from "#deploy/infrastructure/progress.ts";
import type { Bench } from "./bench.ts";
import type { Round, Sample } from "./figures/results.ts";
import type { Scenario } from "./scenarios/scenario.ts";

type What = {
  scenarios: readonly Scenario[];
  progress: Progress;
  /** Gets all rounds so far after each: what breaks a later one takes none of them along. */
  keep: (rounds: readonly Round[]) => Promise<void>;
  /** Ends the run before the next measurement, which rejects then. */
  signal: AbortSignal;
};

/**
 * Every system of every scenario in each round. In turn, so that what slows the machine down for a while slows all of
 * them down; every other round the other way around, so that nobody always comes after the same one.
 */
export async function runRounds(
  bench: Bench,
  { scenarios, progress, keep, signal }: What,
): Promise<Round[]> {
  const { roundCount } = bench.plan;
  const rounds: Round[] = [];
  for (let number = 1; number <= roundCount; number++) {
    const round: Record<string, Record<string, Sample>> = {};
    for (const { name, systems } of scenarios) {
      const samples: Record<string, Sample> = {};
      for (const [system, run] of inTurn(Object.entries(systems), number)) {
        signal.throwIfAborted();
        progress.say(`Round ${number} of ${roundCount}: ${name}, ${system}`);
        const sample = await run(bench);
        if (sample) samples[system] = sample;
      }
      round[name] = samples;
    }
    rounds.push(round);
    await keep(rounds);
  }
  return rounds;
}

function inTurn<T>(items: readonly T[], number: number): readonly T[] {
  return number % 2 === 1 ? items : items.toReversed();
}
