// Profiles and budgets as a bench would leave them, made small.
import type { LoadBudget, ProcessBudget } from "#test/bench/budget/budget.ts";
import type { CpuProfile, Frame } from "#test/bench/budget/cpu-profile.ts";

export function frame(functionName: string, url = ""): Frame {
  return { functionName, url };
}

export const root = frame("(root)");
export const idle = frame("(idle)");
export const commit = frame("commit", "file:///p/libs/flow-store/commit.ts");
export const sendCommand = frame("sendCommand", "file:///p/node_modules/ioredis/built/Redis.js");
export const write = frame("writev", "");
export const stranger = frame("far", "file:///p/node_modules/stranger/src/far.js");

/**
 * (root) has (idle), commit and a stranger; commit has sendCommand, which has writev. Samples are 1 ms apart, the first at 1,001,000 us.
 */
export const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: root, children: [2, 3, 6] },
    { id: 2, callFrame: idle },
    { id: 3, callFrame: commit, children: [4] },
    { id: 4, callFrame: sendCommand, children: [5] },
    { id: 5, callFrame: write },
    { id: 6, callFrame: stranger },
  ],
  startTime: 1_000_000,
  samples: [2, 3, 5, 5, 6, 2, 3],
  timeDeltas: [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000],
};

/** A process of ours that stored two transitions an event. */
export const service: ProcessBudget = {
  threads: { main: 300, V8Worker: 20 },
  queuedMs: 250,
  profile: {
    stages: { decode: 30, decide: 20, "garbage collection": 10 },
    others: [],
    waits: { ms: 16, withoutOursMs: 12, clientsMs: 3 },
  },
  transitionCount: 20_000,
  reads: ["requests"],
  writes: ["journal"],
};

const server: ProcessBudget = {
  threads: {},
  queuedMs: 0,
  profile: null,
  transitionCount: null,
  reads: [],
  writes: [],
};

/** 10,000 events: of the service 32 us each (15 client's, 10 ours, 7 Node's), of the broker 8. */
export const load: LoadBudget = {
  name: "take",
  title: "take all",
  scenario: "take",
  system: "ours",
  figures: ["perSecond", "cpuUs", "redisBytes"],
  event: "message",
  eventCount: 10_000,
  perSecond: 15_000,
  profiledPerSecond: 14_000,
  foreignCores: 0,
  tookMs: 2_500,
  hops: {},
  messageBytes: { key: 80, timer: 110, listed: 110 },
  processes: {
    consumer: service,
    broker: { ...server, threads: { main: 50, "data-plane-kafk": 30 } },
    redis: server,
  },
  redis: {
    commands: { evalsha: { calls: 100, us: 50_000 }, ping: { calls: 1, us: 3 } },
    bytesIn: 10_000_000,
    bytesOut: 5_000_000,
  },
  topics: {
    requests: { recordCount: 10_000, recordBytes: 160, valueBytes: 120, storedBytes: 30 },
    journal: { recordCount: 20_000, recordBytes: 600, valueBytes: 500, storedBytes: 80 },
  },
};
