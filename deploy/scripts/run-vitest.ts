import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";

const VITEST = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");

export type VitestRun = {
  args: readonly string[];
  /** On top of ours. */
  env: Readonly<Record<string, string>>;
  /** Where its JSON report goes. */
  reportFile: string;
  /** Where its words go, if not to our standard output: it then has only the time that others leave. */
  logFile?: string;
  /** Ends it. */
  signal: AbortSignal;
};

/** Runs Vitest once, to its end. Resolves with its exit code, 1 after a signal. */
export async function runVitest({ args, env, reportFile, logFile, signal }: VitestRun) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  await using log = logFile === undefined ? undefined : await open(logFile, "a");
  const output = log?.fd ?? "inherit";
  const child = spawn(process.execPath, [VITEST, "run", ...reporters, ...args], {
    stdio: ["ignore", output, output],
    env: { ...process.env, ...env },
  });
  const exited = once(child, "exit");
  const stop = () => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  // It may have come while the log was opened.
  if (signal.aborted) stop();
  await once(child, "spawn");
  // Its workers inherit it.
  if (log && child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const [code]: (number | null)[] = await exited;
  return code ?? 1;
}
