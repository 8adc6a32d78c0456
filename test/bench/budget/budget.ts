// What a run leaves of one load, before anything is divided: `.fallthrough/bench` keeps it, the page is made of it.
import type { RedisCounters } from "./redis-counters.ts";

export type Profiled = {
  /** Samples by stage. */
  stages: Readonly<Record<string, number>>;
  /** Who has the samples without a stage, the biggest first. */
  others: readonly { place: string; sampleCount: number }[];
};

export type ProcessBudget = {
  /** CPU by thread, ms, without a profiler; `main` has Node's own code. */
  threads: Readonly<Record<string, number>>;
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

export type LoadBudget = {
  name: string;
  title: string;
  /** What is counted. */
  event: string;
  eventCount: number;
  perSecond: number;
  /** While it was profiled. */
  profiledPerSecond: number;
  /** Kept busy by others, at most. */
  foreignCores: number;
  processes: Readonly<Record<string, ProcessBudget>>;
  redis: RedisCounters;
  topics: Readonly<Record<string, TopicFlow>>;
};
