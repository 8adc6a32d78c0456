// `npm run test:simulation`: schedules from SIMULATION_FROM (1) on, SIMULATION_SCHEDULES (1,000) of them,
// until SIMULATION_FAILURES (3) fail, in SIMULATION_PROCESSES (one a core, 2 at most) processes.
// `SIMULATION_SEED=n` plays one again and tells all that happens in it.
// `SIMULATION_LOSSES=1`: Redis loses writes in some, or all.
import { availableParallelism } from "node:os";
import { toldFailure } from "#test/support/simulation/run-schedules.ts";
import { type Result, simulate } from "#test/support/simulation/simulate.ts";
import { play } from "./players.ts";

const PROGRESS_EVERY_MS = 10_000;
const {
  SIMULATION_SEED,
  SIMULATION_FROM = "1",
  SIMULATION_SCHEDULES = "1000",
  SIMULATION_FAILURES = "3",
  SIMULATION_PROCESSES = String(Math.min(2, availableParallelism())),
  SIMULATION_LOSSES,
} = process.env;
const hasLosses = SIMULATION_LOSSES === "1";

process.exitCode = (await (SIMULATION_SEED === undefined ? runMany() : tell(SIMULATION_SEED)))
  ? 0
  : 1;

async function tell(seed: string): Promise<boolean> {
  const result = await simulate(Number(seed), { isTold: true, hasLosses });
  console.log(result.trace.join("\n"));
  console.log(
    result.breaches.length > 0 ? toldFailure(result) : `Schedule ${seed} keeps every guarantee.`,
  );
  return result.breaches.length === 0;
}

async function runMany(): Promise<boolean> {
  const startedAt = performance.now();
  let toldAt = startedAt;
  const [fromSeed, failedCountMax] = [Number(SIMULATION_FROM), Number(SIMULATION_FAILURES)];
  let [count, failedCount] = [0, 0];
  const goesOn = (result: Result) => {
    count += 1;
    if (result.breaches.length > 0) {
      failedCount += 1;
      console.log(toldFailure(result));
    }
    if (performance.now() >= toldAt + PROGRESS_EVERY_MS) {
      toldAt = performance.now();
      console.log(sum());
    }
    return failedCount < failedCountMax;
  };
  const sum = () => {
    const perMinute = Math.round((count / (performance.now() - startedAt)) * 60_000);
    return `${count} schedules from seed ${fromSeed} on, ${perMinute} a minute`;
  };
  await Promise.all(shares(fromSeed).map((share) => play(share, goesOn)));
  console.log(`${sum()}, ${failedCount} failed`);
  return failedCount === 0;
}

/** The processes take turns, seed by seed. */
function shares(fromSeed: number) {
  const [count, step] = [Number(SIMULATION_SCHEDULES), Number(SIMULATION_PROCESSES)];
  return Array.from({ length: step }, (_, index) => {
    return {
      fromSeed: fromSeed + index,
      step,
      count: Math.ceil((count - index) / step),
      hasLosses,
    };
  });
}
