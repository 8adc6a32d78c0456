// `npm run test:simulation`: schedules from SIMULATION_FROM (1) on, SIMULATION_SCHEDULES (1,000) of them,
// until SIMULATION_FAILURES (3) fail. `SIMULATION_SEED=n` plays one again and tells all that happens in it.
// `SIMULATION_LOSSES=1`: Redis loses writes in some, or all.
import { runSchedules, toldFailure } from "#test/support/simulation/run-schedules.ts";
import { type Result, simulate } from "#test/support/simulation/simulate.ts";

const PROGRESS_EVERY_MS = 10_000;
const {
  SIMULATION_SEED,
  SIMULATION_FROM = "1",
  SIMULATION_SCHEDULES = "1000",
  SIMULATION_FAILURES = "3",
  SIMULATION_LOSSES,
} = process.env;
const hasLosses = SIMULATION_LOSSES === "1";

process.exitCode = (await (SIMULATION_SEED === undefined ? runMany() : tell(SIMULATION_SEED)))
  ? 0
  : 1;

async function tell(seed: string): Promise<boolean> {
  const result = await simulate(Number(seed), { isTold: true, hasLosses });
  console.log(result.trace.join("\n"));
  console.log(shown(result));
  return result.breaches.length === 0;
}

async function runMany(): Promise<boolean> {
  const startedAt = performance.now();
  let toldAt = startedAt;
  const fromSeed = Number(SIMULATION_FROM);
  let count = 0;
  const onResult = (result: Result) => {
    count += 1;
    if (result.breaches.length > 0) console.log(shown(result));
    if (performance.now() < toldAt + PROGRESS_EVERY_MS) return;
    toldAt = performance.now();
    console.log(sum());
  };
  const sum = () => {
    const perMinute = Math.round((count / (performance.now() - startedAt)) * 60_000);
    return `${count} schedules from seed ${fromSeed} on, ${perMinute} a minute`;
  };
  const failed = await runSchedules({
    fromSeed,
    count: Number(SIMULATION_SCHEDULES),
    failedCountMax: Number(SIMULATION_FAILURES),
    hasLosses,
    onResult,
  });
  console.log(`${sum()}, ${failed.length} failed`);
  return failed.length === 0;
}

function shown(result: Result): string {
  if (result.breaches.length > 0) return toldFailure(result);
  return `Schedule ${result.seed} keeps every guarantee.`;
}
