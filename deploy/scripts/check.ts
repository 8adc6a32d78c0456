// `npm run check`: types, lint, format, dead code, dependency directions, stale generated code. Runs
// all of them and says in the end which failed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "../../node_modules/.bin");
/** Far below what there is; a wrong path would make the cruise pass with nothing looked at. */
const MODULE_COUNT_MIN = 40;
const CRUISED = ["services", "libs", "deploy", "test"];

const checks: Readonly<Record<string, () => Promise<boolean>>> = {
  types: () => passes("tsc", ["-p", "."]),
  lint: () => passes("oxlint", ["--type-aware", "--deny-warnings"]),
  format: () => passes("biome", ["check"]),
  "dead code": () => passes("knip", []),
  "dependency directions": cruise,
  "generated code": () => passes("node", ["deploy/scripts/codegen.ts", "--check"]),
};

const failed: string[] = [];
for (const [title, check] of Object.entries(checks)) {
  const startedAt = performance.now();
  const isGood = await check();
  if (!isGood) failed.push(title);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`${isGood ? "ok    " : "FAILED"} ${title} (${seconds} s)`);
}
console.log(failed.length === 0 ? "All checks pass." : `Failed: ${failed.join(", ")}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function cruise(): Promise<boolean> {
  const flags = ["--config", ".dependency-cruiser.json", "--output-type"];
  if (!(await passes("depcruise", [...flags, "err", ...CRUISED]))) return false;
  const { output } = await run("depcruise", [...flags, "text", ...CRUISED]);
  const moduleCount = new Set(output.split("\n").map((line) => line.split(" ")[0])).size;
  if (moduleCount >= MODULE_COUNT_MIN) return true;
  console.log(`Only ${moduleCount} modules were looked at: is the configuration right?`);
  return false;
}

/** Whether the command succeeds; its output is shown only when it does not. */
async function passes(command: string, args: readonly string[]): Promise<boolean> {
  const { exitCode, output } = await run(command, args);
  if (exitCode !== 0) console.log(output.trimEnd());
  return exitCode === 0;
}

async function run(command: string, args: readonly string[]) {
  const child = spawn(join(BIN, command), args, {
    stdio: ["ignore", "pipe", "pipe"],
    // Several of the tools start `node` by name and need the one of the lock file.
    env: { ...process.env, PATH: `${BIN}:${process.env["PATH"] ?? ""}` },
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [exitCode]: (number | null)[] = await once(child, "close");
  return { exitCode, output: Buffer.concat(chunks).toString("utf8") };
}
