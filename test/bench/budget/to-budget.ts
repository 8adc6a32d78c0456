// What two runs of a load have counted, as one budget.
import { topics } from "#libs/contracts/topics.ts";
import type { Sample } from "../figures/results.ts";
import type { Plan } from "../plan.ts";
import { HOPS } from "../scenarios/hops.ts";
import type { LoadBudget, MessageBytes, ProcessBudget, Profiled, TopicFlow } from "./budget.ts";
import type { Load } from "./loads.ts";
import type { Counters, RecordSizes } from "./read-counters.ts";
import { countedBetween } from "./redis-counters.ts";

/** By process, by thread, ms. */
export type ThreadsByProcess = Readonly<Record<string, Readonly<Record<string, number>>>>;
/** `threads` are of the processes that a load watches. */
export type AllCounters = Counters & {
  threads: ThreadsByProcess;
  queued: Readonly<Record<string, number>>;
  /** When the processes were read, ms. */
  at: number;
};

export type Runs = {
  plan: Plan;
  sample: Sample;
  before: AllCounters;
  after: AllCounters;
  profiledSample: Sample;
  profiles: Readonly<Record<string, Profiled>>;
  messageBytes: MessageBytes | null;
  /** Of each topic that the load uses. */
  sizes: Readonly<Record<string, RecordSizes>>;
};

export function toBudget(load: Load, runs: Runs): LoadBudget {
  const { name, title, scenario, system, figures, services, laidReady, rate } = load;
  const { plan, sample, profiledSample, before, after } = runs;
  const eventCount = load.eventCount(plan, sample);
  const flows = Object.entries(runs.sizes).map(([topic, sizes]): [string, TopicFlow] => {
    const recordCount = laidReady.includes(topic) ? eventCount : grownBy(topic, runs);
    return [topic, { recordCount, storedBytes: storedOf(topic, runs), ...sizes }];
  });
  const entryCount = grownBy(topics.messageJournal.name, runs);
  const processes = Object.entries(after.threads).map(([process, threads]) => {
    const service = services[process];
    const budget: ProcessBudget = {
      threads: usedBetween(before.threads[process] ?? {}, threads),
      queuedMs: (after.queued[process] ?? 0) - (before.queued[process] ?? 0),
      profile: runs.profiles[process] ?? null,
      transitionCount: service?.transitions?.(entryCount, eventCount) ?? null,
      reads: service?.reads ?? [],
      writes: service?.writes ?? [],
    };
    return [process, budget] as const;
  });
  return {
    name,
    title,
    scenario: scenario.name,
    system,
    figures,
    event: scenario.event,
    eventCount,
    perSecond: rate ? rate(plan) : (sample.figures["perSecond"] ?? null),
    profiledPerSecond: rate ? null : (profiledSample.figures["perSecond"] ?? null),
    tookMs: after.at - before.at,
    hops: hopsOf(sample),
    foreignCores: Math.max(sample.foreignCores, profiledSample.foreignCores),
    processes: Object.fromEntries(processes),
    redis: countedBetween(before.redis, after.redis),
    messageBytes: runs.messageBytes,
    topics: Object.fromEntries(flows),
  };
}

function hopsOf({ figures }: Sample): LoadBudget["hops"] {
  const known = HOPS.map((hop) => [hop, figures[`${hop}P99Ms`]] as const);
  return Object.fromEntries(known.flatMap(([hop, ms]) => (ms === undefined ? [] : [[hop, ms]])));
}

type Counted = Pick<Runs, "before" | "after">;
const NOTHING = { recordCount: 0, storedBytes: 0 };

function grownBy(topic: string, { before, after }: Counted): number {
  const { recordCount } = after.topics[topic] ?? NOTHING;
  return recordCount - (before.topics[topic] ?? NOTHING).recordCount;
}

/** What a record takes on disk: of those that were written meanwhile, or of all where none was. */
function storedOf(topic: string, counted: Counted): number {
  const now = counted.after.topics[topic] ?? NOTHING;
  const was = counted.before.topics[topic] ?? NOTHING;
  const from = grownBy(topic, counted) > 0 ? was : NOTHING;
  const recordCount = now.recordCount - from.recordCount;
  return recordCount === 0 ? 0 : (now.storedBytes - from.storedBytes) / recordCount;
}

function usedBetween(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const used = Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)] as const);
  return Object.fromEntries(used.filter(([, ms]) => ms > 0));
}
