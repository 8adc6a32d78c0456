// Runs each load twice: by itself, for what everything costs, and with V8's profiler, for the shares of the stages.
// So the profiler's own part is in no figure.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "#deploy/infrastructure/progress.ts";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import type { Bench } from "../bench.ts";
import type { Sample } from "../figures/results.ts";
import { eachOf, queuedOf, threadsOf, type Watched } from "../machine/cpu.ts";
import type { LoadBudget } from "./budget.ts";
import { type CpuProfile, samplesIn, type Window } from "./cpu-profile.ts";
import { type Load, loads } from "./loads.ts";
import { toProfiled } from "./profiled.ts";
import { type Counters, type RecordSizes, readCounters, readRecordSizes } from "./read-counters.ts";
import { readMessageBytes } from "./redis-memory.ts";
import { type AllCounters, type Runs, toBudget } from "./to-budget.ts";

type Measuring = {
  progress: Progress;
  /** Where the profiles are left, for whoever looks at them as flame graphs. */
  folder: string;
  /** Ends the run before the next load, which rejects then. */
  signal: AbortSignal;
};

export async function measureBudget(
  bench: Bench,
  { progress, folder, signal }: Measuring,
): Promise<LoadBudget[]> {
  const budgets: LoadBudget[] = [];
  for (const load of loads) {
    const { name } = load;
    signal.throwIfAborted();
    progress.say(`Budget: ${name}`);
    const counted = await count(bench, load);
    signal.throwIfAborted();
    progress.say(`Budget: ${name}, profiled`);
    const profiled = await profile(bench, load, join(folder, name));
    budgets.push(toBudget(load, { ...counted, ...profiled, plan: bench.plan }));
  }
  return budgets;
}

type Counted = Pick<Runs, "sample" | "before" | "after" | "sizes" | "messageBytes">;

/** CPU is read next to the load: the other counters cost the servers some. */
async function count(bench: Bench, load: Load): Promise<Counted> {
  let counted: Omit<Counted, "sample"> | undefined;
  const sample = await run(load, {
    ...bench,
    async around({ watched, infrastructure, part }, measured) {
      if (part !== load.part) return measured();
      const counters = await readCounters(infrastructure);
      const before = { ...counters, ...(await readProcesses(watched)) };
      const result = await measured();
      const processes = await readProcesses(watched);
      const after = { ...(await readCounters(infrastructure)), ...processes };
      const messageBytes = await readMessageBytes(infrastructure.redisUrl);
      counted = { before, after, sizes: await readSizes(infrastructure, load), messageBytes };
      return result;
    },
  });
  if (!counted) throw new Error(`${load.name} measured nothing.`);
  return { sample, ...counted };
}

async function readProcesses(watched: Watched): Promise<Omit<AllCounters, keyof Counters>> {
  const [threads, queued] = [await eachOf(watched, threadsOf), await queuedOf(watched)];
  return { threads, queued, at: performance.now() };
}

/** Of every topic that a load uses. */
async function readSizes(
  { kafkaBrokers }: Infrastructure,
  { services }: Load,
): Promise<Record<string, RecordSizes>> {
  const used = Object.values(services).flatMap(({ reads, writes }) => [...reads, ...writes]);
  const sizes: Record<string, RecordSizes> = {};
  for (const topic of new Set(used)) sizes[topic] = await readRecordSizes(kafkaBrokers, topic);
  return sizes;
}

type ProfiledRun = Pick<Runs, "profiledSample" | "profiles">;

async function profile(bench: Bench, load: Load, folder: string): Promise<ProfiledRun> {
  await mkdir(folder, { recursive: true });
  const flags = `--cpu-prof "--cpu-prof-dir=${folder}"`;
  let pids: Watched = {};
  const window: Window = { from: 0, to: 0 };
  const profiledSample = await run(load, {
    ...bench,
    env: { ...bench.env, NODE_OPTIONS: flags },
    async around({ watched, part }, measured) {
      if (part !== load.part) return measured();
      pids = watched;
      window.from = nowUs();
      const result = await measured();
      window.to = nowUs();
      return result;
    },
  });
  // Its end has written them.
  const profiles = Object.keys(load.services).map(async (name) => {
    const written = await readProfile(folder, pids[name] ?? 0);
    return [name, toProfiled(written, samplesIn(written, window))] as const;
  });
  return { profiledSample, profiles: Object.fromEntries(await Promise.all(profiles)) };
}

async function run({ name, scenario, system }: Load, bench: Bench): Promise<Sample> {
  const sample = await scenario.systems[system]?.(bench);
  if (!sample) throw new Error(`Nobody measures ${name}.`);
  return sample;
}

/** By the clock of V8's profiles. */
function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** Node names them by date, time, process and thread. */
async function readProfile(folder: string, pid: number): Promise<CpuProfile> {
  const names = await readdir(folder);
  const name = names.find((each) => each.split(".")[3] === String(pid));
  if (name === undefined) throw new Error(`Process ${pid} left no profile in ${folder}.`);
  return JSON.parse(await readFile(join(folder, name), "utf8")) as CpuProfile;
}
