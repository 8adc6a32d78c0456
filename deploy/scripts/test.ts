// `npm test [vitest's arguments]`: every tier on real Kafka, registry and Redis, started for this
// run alone. The last line is the sum: `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { SetupError } from "#deploy/infrastructure/setup-error.ts";
import { provideTools } from "#deploy/infrastructure/system-tools.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { startTestPlaces } from "#deploy/scripts/test-places.ts";
import { parseTestReport, type TestSum } from "#deploy/scripts/test-report.ts";
import { ConfigError } from "#libs/config/read-env.ts";

const VITEST = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
/** What is reported when the tests never got to run: the run as a whole failed. */
const NOT_RUN: TestSum = { passed: 0, failed: 1, skipped: 0, secondTries: [] };

const chosen = process.argv.slice(2);
const signal = stopSignal();
let sum = NOT_RUN;
process.exitCode = 1;
try {
  const config = readInfrastructureConfig(process.env);
  const progress = createProgress();
  // Tests that kill Redis run servers of their own, wherever the others come from.
  await provideTools(["redis-server"], { ...config, progress, signal });
  await using places = await startTestPlaces(chosen, { config, progress, signal });
  await using folder = await mkdtempDisposable(join(tmpdir(), "fallthrough-test-"));
  const reportFile = join(folder.path, "report.json");
  // Some hundred processes are started, most of them of the same modules.
  const env = { ...places.env, NODE_COMPILE_CACHE: join(folder.path, "compiled") };
  process.exitCode = await runVitest(env, reportFile);
  sum = parseTestReport(await readFile(reportFile, "utf8"));
} catch (error) {
  process.exitCode = 1;
  const isExpected = error instanceof SetupError || error instanceof ConfigError;
  console.error(isExpected ? error.message : error);
}
// A pass that is worth a look: a test that failed once will fail twice some day.
for (const each of sum.secondTries) console.log(`PASSED AT THE SECOND TRY ONLY: ${each}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);

async function runVitest(env: Readonly<Record<string, string>>, reportFile: string) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  const child = spawn(process.execPath, [VITEST, "run", ...reporters, ...chosen], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  const stop = () => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const [code]: (number | null)[] = await once(child, "exit");
  return code ?? 1;
}
