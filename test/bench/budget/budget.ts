// What a run leaves of one load, before anything is divided: `.fallthrough/bench` keeps it, the page is made of it.
import type { Hop } from "../scenarios/hops.ts";
import type { RedisCounters } from "./redis-counters.ts";

/** For how many ms one of a hundred that come at any instant finds the main thread busy. */
export type Waits = {
  ms: number;
  /** If all that is ours cost nothing. */
  withoutOursMs: number;
  /** And if Node itself did not, either. */
  clientsMs: number;
};

export type Profiled = {
  /** Samples by stage. */
  stages: Readonly<Record<string, number>>;
  /** Who has the samples without a stage, the biggest first. */
  others: readonly { place: string; sampleCount: number }[];
  waits: Waits;
};

export type ProcessBudget = {
  /** CPU by thread, ms, without a profiler; `main` has Node's own code. */
  threads: Readonly<Record<string, number>>;
  /** For how long its main thread could have run, and had no core, ms, without a profiler. */
  queuedMs: number;
  /** Null of what is not ours. */
  profile: Profiled | null;
  /** Null of what stores none. */
  transitionCount: number | null;
  /** Topics. */
  reads: readonly string[];
  writes: readonly string[];
};

/** What went over a topic. Bytes are of one record: key, value and headers, and what Kafka stores of it. */
export type TopicFlow = {
  recordCount: number;
  recordBytes: number;
  valueBytes: number;
  storedBytes: number;
};

/** What an open message takes in Redis, bytes of each: its state's key without the value, its timer, its place in its account's list. */
export type MessageBytes = { key: number; timer: number; listed: number };

export type LoadBudget = {
  name: string;
  title: string;
  /** Of whose goals it tells the limit: a system's of a scenario, by these figures. */
  scenario: string;
  system: string;
  figures: readonly string[];
  /** What is counted. */
  event: string;
  eventCount: number;
  /** Null of what has no rate. */
  perSecond: number | null;
  /** While it was profiled; null of a load with a rate of its own. */
  profiledPerSecond: number | null;
  /** From reading the processes to reading them again: the load, and its warm-up where it has a rate. */
  tookMs: number;
  /** For how many ms one in a hundred takes, by hop, where the load's way has some. */
  hops: Readonly<Partial<Record<Hop, number>>>;
  /** Kept busy by others, at most. */
  foreignCores: number;
  processes: Readonly<Record<string, ProcessBudget>>;
  redis: RedisCounters;
  /** Null where no message was left open. */
  messageBytes: MessageBytes | null;
  topics: Readonly<Record<string, TopicFlow>>;
};
