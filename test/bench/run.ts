// `npm run bench [-- --quick] [--only <scenario>] [--check]`: us beside what people would use instead, measured in
// turn on one machine. A full run writes test/bench/RESULTS.md, the plot and the rounds that both were made of;
// it ends with the budget, test/bench/BUDGET.md, which `--only budget` writes by itself.
// `--only restore --restored 100000` restores another number of open messages than the plan has. `--check` writes nothing: it
// compares its ratios with those rounds, and ends with 1 where more than a fifth of one is lost, with 2 where noise left that open.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { mustRun } from "#deploy/infrastructure/run-command.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { openBench } from "./bench.ts";
import { budgetPage } from "./budget/budget-page.ts";
import { measureBudget } from "./budget/measure-budget.ts";
import { checkPage, differencesOf } from "./figures/check-page.ts";
import { checkRatios, exitCodeOf } from "./figures/find-losses.ts";
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
const BUDGET = "budget";
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
/** Last, because it is not compared with anybody, and takes profiles. */
const isWhole = values.only === "" && !values.quick && !values.check;
const isBudgeted = values.only === BUDGET || isWhole;
if (chosen.length === 0 && !isBudgeted) {
  const names = [...scenarios.map(({ name }) => name), BUDGET].join(", ");
  throw new Error(`--only is none of ${names}.`);
}

if (values.check && (values.quick || chosen.length === 0)) {
  throw new Error(
    "--check compares the ratios of full rounds: there are none of --quick, or of the budget.",
  );
}

const progress = createProgress();
/** A run that gives no ratio has no need of halves, and is sooner over without. */
const halves = values.quick ? null : halvesOf(cpus().length);
const cores = halves && (await pin([process.pid], halves.servers)) ? halves : null;
const signal = stopSignal();
await using bench = await openBench({ plan, cores, progress, signal });
const machine = {
  cores: cpus().length,
  model: cpus()[0]?.model ?? "unknown",
  node: process.version,
  pinned: cores,
};
const at = new Date().toISOString();
const raw = join(RAW_FOLDER, at.replaceAll(":", "-"));
await mkdir(RAW_FOLDER, { recursive: true });
if (chosen.length > 0) await compare();
if (isBudgeted) await budget();

/** Us beside the others. */
async function compare(): Promise<void> {
  const file = `${raw}.json`;
  const rounds = await runRounds(bench, {
    scenarios: chosen,
    progress,
    keep: (all) => writeFile(file, JSON.stringify({ at, machine, plan, rounds: all }, null, 1)),
    signal,
  });
  const results: Results = { at, machine, plan, rounds };
  console.log(`\n${resultsPage(results, { goals, scenarios: chosen })}\nThe rounds: ${file}`);
  for (const sentence of noiseOf(rounds)) console.error(`NOISY: ${sentence}`);
  if (values.check) await check(results);
  else if (isWhole) await publish(results);
}

/** Judged by the rounds that are published, which are this run's where it measured all. */
async function budget(): Promise<void> {
  const loads = await measureBudget(bench, { progress, folder: `${raw}-profiles`, signal });
  const file = `${raw}-budget.json`;
  await writeFile(file, JSON.stringify({ at, machine, plan, loads }, null, 1));
  const results = await readPublished();
  const page = budgetPage({ at, machine, loads }, { goals, results });
  console.log(`\n${page}\nThe figures: ${file}`);
  if (values.quick) return;
  await writeFile(join(import.meta.dirname, "BUDGET.md"), page);
  await format();
}

async function check(run: Results): Promise<void> {
  const committed = await readPublished();
  const found = checkRatios(goals, { before: committed.rounds, now: run.rounds });
  for (const line of differencesOf(committed, run)) console.log(line);
  console.log(checkPage(found));
  process.exitCode = exitCodeOf(found);
}

async function readPublished(): Promise<Results> {
  const text = await readFile(ROUNDS_FILE, "utf8").catch(() => {
    throw new Error(`${ROUNDS_FILE} is not there: a full run without --check writes it.`);
  });
  return JSON.parse(text) as Results;
}

/** Beside this file, formatted as all that is committed. */
async function publish(all: Results): Promise<void> {
  await writeFile(ROUNDS_FILE, `${JSON.stringify(all, null, 1)}\n`);
  await writeFile(join(import.meta.dirname, "RESULTS.md"), resultsPage(all, { goals, scenarios }));
  await writeFile(join(import.meta.dirname, "results.svg"), resultsPlot(all, scenarios));
  await format();
}

async function format(): Promise<void> {
  const biome = join(import.meta.dirname, "../../node_modules/.bin/biome");
  await mustRun(biome, ["format", "--write", import.meta.dirname], { timeoutMs: 60_000 });
}
