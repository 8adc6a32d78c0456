// `npm run bench [-- --quick] [--only <scenario>] [--check]`: us beside what people would use instead, measured in
// turn on one machine. A full run writes test/bench/RESULTS.md, the plot and the rounds that both were made of;
// `--only restore --restored 100000` restores another number of open messages than the plan has. `--check` compares its ratios with those rounds instead, and fails where more than a fifth of one is lost.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { openBench } from "./bench.ts";
import { checkPage } from "./figures/check-page.ts";
import { compareRatios, lossesOf } from "./figures/find-losses.ts";
import { goals } from "./figures/goals.ts";
import { noiseOf } from "./figures/noise.ts";
import type { Results } from "./figures/results.ts";
import { resultsPage } from "./figures/results-page.ts";
import { resultsPlot } from "./figures/results-plot.ts";
import { halvesOf, pin } from "./machine/cores.ts";
import { FULL, QUICK } from "./plan.ts";
import { runRounds } from "./run-rounds.ts";
import { scenarios } from "./scenarios/scenarios.ts";

const RAW_FOLDER = join(import.meta.dirname, "../../.fallthrough/bench");
const ROUNDS_FILE = join(import.meta.dirname, "results.json");

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    restored: { type: "string" },
  },
});
const { restoredCount, ...others } = values.quick ? QUICK : FULL;
const plan = { ...others, restoredCount: Number(values.restored ?? restoredCount) };
const chosen = scenarios.filter(({ name }) => values.only === "" || name === values.only);
if (chosen.length === 0) {
  const names = scenarios.map(({ name }) => name).join(", ");
  throw new Error(`--only is none of ${names}.`);
}

const progress = createProgress();
const halves = halvesOf(cpus().length);
const cores = halves && (await pin([process.pid], halves.servers)) ? halves : null;
await using bench = await openBench({ plan, cores, progress, signal: stopSignal() });
const rounds = await runRounds(bench, { scenarios: chosen, progress });
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? "unknown",
  node: process.version,
  pinned: cores,
};
const results: Results = { at: new Date().toISOString(), machine, plan, rounds };
await mkdir(RAW_FOLDER, { recursive: true });
const raw = join(RAW_FOLDER, `${results.at.replaceAll(":", "-")}.json`);
await writeFile(raw, JSON.stringify(results, null, 1));
console.log(`\n${resultsPage(results, { goals, scenarios: chosen })}\nThe rounds: ${raw}`);
for (const sentence of noiseOf(rounds)) console.error(`NOISY: ${sentence}`);
if (values.check) await check(results);
else if (!values.quick && values.only === "") await publish(results);

async function check({ rounds: now }: Results): Promise<void> {
  const text = await readFile(ROUNDS_FILE, "utf8").catch(() => {
    throw new Error(`${ROUNDS_FILE} is not there: a full run without --check writes it.`);
  });
  const committed = JSON.parse(text) as Results;
  const compared = compareRatios(goals, { before: committed.rounds, now });
  console.log(checkPage(compared));
  if (compared.length === 0 || lossesOf(compared).length > 0) process.exitCode = 1;
}

/** Beside this file, for whoever reads the project. */
async function publish(all: Results): Promise<void> {
  await writeFile(ROUNDS_FILE, `${JSON.stringify(all, null, 1)}\n`);
  await writeFile(join(import.meta.dirname, "RESULTS.md"), resultsPage(all, { goals, scenarios }));
  await writeFile(join(import.meta.dirname, "results.svg"), resultsPlot(all, scenarios));
}
