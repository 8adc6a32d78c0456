// A load's budget, divided by its events.
import type { LoadBudget, ProcessBudget } from "./budget.ts";
import type { Owner } from "./stage-table.ts";
import { ownerOf, stageNames } from "./stages.ts";

/** What one part of a process takes of its CPU, us for each event. */
export type Cost = { name: string; owner: Owner; us: number };

/**
 * Stages of a process that was profiled: of the CPU that its main thread takes without a profiler, as much as of the
 * profile's samples. Its other threads follow, as do all threads of a process that was not.
 */
export function costsOf({ threads, profile }: ProcessBudget, eventCount: number): Cost[] {
  const usOf = (ms: number) => (ms * 1_000) / eventCount;
  const byThread = Object.entries(threads)
    .filter(([name]) => profile === null || name !== "main")
    .map(([name, ms]): Cost => ({ name: threadName(name), owner: "node", us: usOf(ms) }))
    .toSorted((a, b) => b.us - a.us);
  if (profile === null) return byThread;
  const { stages } = profile;
  const sampleCount = sum(Object.values(stages));
  const mainUs = usOf(threads["main"] ?? 0);
  const inStages = stageNames.flatMap((name): Cost[] => {
    const count = stages[name] ?? 0;
    return count === 0 ? [] : [{ name, owner: ownerOf(name), us: (mainUs * count) / sampleCount }];
  });
  return [...inStages, ...byThread];
}

/** Costs of several processes in the order of a record's way, threads behind all stages. */
export function inOrder(costs: readonly Cost[]): Cost[] {
  const placeOf = ({ name }: Cost) => {
    const index = stageNames.indexOf(name);
    return index === -1 ? stageNames.length : index;
  };
  return costs.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** V8's workers compile, and help its collector. */
function threadName(name: string): string {
  return name === "V8Worker" ? "threads of V8" : `thread ${name}`;
}

export function totalUs({ threads }: ProcessBudget, eventCount: number): number {
  return (sum(Object.values(threads)) * 1_000) / eventCount;
}

export function ownedUs(costs: readonly Cost[], owner: Owner): number {
  return sum(costs.filter((cost) => cost.owner === owner).map(({ us }) => us));
}

/** The processes that were profiled: our services. */
export function servicesOf({ processes }: LoadBudget): [string, ProcessBudget][] {
  return Object.entries(processes).filter(([, { profile }]) => profile !== null);
}

/** What stood for the rest of the world: servers, and who plays the carriers. */
export function serversOf({ processes }: LoadBudget): [string, ProcessBudget][] {
  return Object.entries(processes).filter(([, { profile }]) => profile === null);
}

export type StageBytes = { fetch: number; decompress: number; compress: number; produce: number };

/**
 * Bytes of a process' topics for each event, as stored by Kafka and as they were before compression. Of a topic that
 * several write, each has as much as it has transitions.
 */
export function bytesOf(process: ProcessBudget, load: LoadBudget): StageBytes {
  const all = (names: readonly string[], bytes: "recordBytes" | "storedBytes") =>
    sum(names.map((name) => shareOf(process, name, load) * (load.topics[name]?.[bytes] ?? 0)));
  return {
    fetch: all(process.reads, "storedBytes"),
    decompress: all(process.reads, "recordBytes"),
    compress: all(process.writes, "recordBytes"),
    produce: all(process.writes, "storedBytes"),
  };
}

/** How many records of a topic are a process' own, for each event. */
function shareOf(process: ProcessBudget, topic: string, load: LoadBudget): number {
  const recordCount = load.topics[topic]?.recordCount ?? 0;
  const writers = Object.values(load.processes).filter(({ writes }) => writes.includes(topic));
  const isShared = writers.length > 1 && process.writes.includes(topic);
  return (isShared ? (process.transitionCount ?? 0) : recordCount) / load.eventCount;
}

export function sum(values: readonly number[]): number {
  return values.reduce((all, each) => all + each, 0);
}
