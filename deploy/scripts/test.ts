// `npm test [vitest's arguments]`: every tier on real Kafka, registry and Redis, started for this
// run alone. The last line is the sum: `N passed, N failed, N skipped`.
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { SetupError } from "#deploy/infrastructure/setup-error.ts";
import { provideTools } from "#deploy/infrastructure/system-tools.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { runVitest, type VitestRun } from "#deploy/scripts/run-vitest.ts";
import { startTestPlaces } from "#deploy/scripts/test-places.ts";
import { addSums, parseTestReport, type TestSum } from "#deploy/scripts/test-report.ts";
import { ConfigError } from "#libs/config/read-env.ts";

/** What is reported when the tests never got to run: the run as a whole failed. */
const NOT_RUN: TestSum = { passed: 0, failed: 1, skipped: 0, secondTries: [], failures: [] };

/** Tiers that compute. All others wait for most of their time: for brokers, leases, the ends of sessions. */
const COMPUTING = ["--project", "unit", "--project", "simulation"];
const WAITING = ["--project", "!unit", "--project", "!simulation"];

/** A broker of a test lives for minutes: what Java's second compiler takes for it never comes back. */
const JAVA_FLAGS = "-XX:TieredStopAtLevel=1";

const chosen = process.argv.slice(2);
const isWhole = chosen.length === 0;
const signal = stopSignal();
let sum = NOT_RUN;
process.exitCode = 1;
process.env["JAVA_TOOL_OPTIONS"] = `${process.env["JAVA_TOOL_OPTIONS"] ?? ""} ${JAVA_FLAGS}`.trim();
try {
  await using folder = await mkdtempDisposable(join(tmpdir(), "fallthrough-test-"));
  await using computing = isWhole ? computeBeside(folder.path) : undefined;
  const rans = [await runOnPlaces(folder.path)];
  if (computing) rans.push(await computing.ran());
  sum = addSums(rans.map((ran) => ran.sum));
  process.exitCode = rans.find(({ code }) => code !== 0)?.code ?? 0;
} catch (error) {
  process.exitCode = 1;
  const isExpected = error instanceof SetupError || error instanceof ConfigError;
  console.error(isExpected ? error.message : error);
}
for (const each of sum.failures) console.log(`FAILED: ${each}`);
// A pass that is worth a look: a test that failed once will fail twice some day.
for (const each of sum.secondTries) console.log(`PASSED AT THE SECOND TRY ONLY: ${each}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);

type Ran = { code: number; sum: TestSum };

/** What computes, in the time that the others leave; its words come when they are asked for. Disposal ends it. */
function computeBeside(folder: string) {
  const end = new AbortController();
  const logFile = join(folder, "computing.log");
  const run = { args: COMPUTING, env: {}, logFile, signal: AbortSignal.any([signal, end.signal]) };
  const running = runReported(folder, run);
  return {
    async ran() {
      const ran = await running;
      process.stdout.write(await readFile(logFile));
      return ran;
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      await running;
    },
  };
}

async function runOnPlaces(folder: string): Promise<Ran> {
  const config = readInfrastructureConfig(process.env);
  const progress = createProgress();
  // Tests that kill Redis run servers of their own, wherever the others come from.
  await provideTools(["redis-server"], { ...config, progress, signal });
  await using places = await startTestPlaces(chosen, { config, progress, signal });
  const args = isWhole ? WAITING : chosen;
  return await runReported(folder, { args, env: places.env, signal });
}

/** Never rejects: of a run that left no report its code and its words tell. */
async function runReported(folder: string, run: Omit<VitestRun, "reportFile">): Promise<Ran> {
  const reportFile = join(folder, run.logFile ? "computing.json" : "report.json");
  // Some hundred processes are started, most of them of the same modules.
  const env = { ...run.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
  const code = await runVitest({ ...run, env, reportFile });
  return { code, sum: await readFile(reportFile, "utf8").then(parseTestReport, () => NOT_RUN) };
}
