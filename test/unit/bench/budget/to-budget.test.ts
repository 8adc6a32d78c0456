import { expect, test } from "vitest";
import type { Load } from "#test/bench/budget/loads.ts";
import { type Runs, toBudget } from "#test/bench/budget/to-budget.ts";
import { QUICK } from "#test/bench/plan.ts";
import { sample } from "../figures/rounds.ts";

const load: Load = {
  name: "lives",
  title: "whole lives",
  scenario: { name: "lives", title: "lives", event: "message", systems: {} },
  system: "ours",
  figures: ["perSecond"],
  eventCount: ({ messageCount }) => messageCount,
  services: {
    consumer: {
      reads: ["requests"],
      writes: ["message-journal"],
      transitions: (entryCount, eventCount) => entryCount - eventCount,
    },
  },
  laidReady: ["requests"],
};
const redis = { commands: {}, bytesIn: 0, bytesOut: 0 };
const size = { recordBytes: 10, valueBytes: 5 };
const waits = { ms: 0, withoutOursMs: 0, clientsMs: 0 };
const profile = { stages: { decode: 1 }, others: [], waits };

const runs: Runs = {
  plan: { ...QUICK, messageCount: 100, sendsPerSecond: 40, sendSeconds: 2 },
  sample: sample({ perSecond: 9, decideP99Ms: 3, claimP99Ms: 2 }, 0.1),
  profiledSample: sample({ perSecond: 8 }, 0.2),
  messageBytes: null,
  before: {
    redis,
    topics: {
      requests: { recordCount: 400, storedBytes: 8_000 },
      "message-journal": { recordCount: 1_000, storedBytes: 50_000 },
    },
    threads: { consumer: { main: 10, V8Worker: 3 }, broker: { main: 1 } },
    queued: { consumer: 5 },
    at: 100,
  },
  after: {
    redis,
    topics: {
      requests: { recordCount: 400, storedBytes: 8_000 },
      "message-journal": { recordCount: 1_250, storedBytes: 75_000 },
    },
    threads: { consumer: { main: 25, V8Worker: 3 }, broker: { main: 4 } },
    queued: { consumer: 12, broker: 1 },
    at: 2_600,
  },
  profiles: { consumer: profile },
  sizes: { requests: size, "message-journal": size },
};

test("records are those that came meanwhile, and of what lay ready one for each event", () => {
  const { topics } = toBudget(load, runs);
  expect(topics["message-journal"]).toStrictEqual({ ...size, recordCount: 250, storedBytes: 100 });
  // None came: all of them tell how large one is.
  expect(topics["requests"]).toStrictEqual({ ...size, recordCount: 100, storedBytes: 20 });
});

test("a process has the CPU of the measurement alone, and its transitions", () => {
  expect(toBudget(load, runs).processes).toMatchObject({
    consumer: { threads: { main: 15 }, queuedMs: 7, transitionCount: 150, profile },
    broker: { threads: { main: 3 }, queuedMs: 1, transitionCount: null, profile: null },
  });
});

test("who waited for a core did so in the time between the two readings of the processes", () => {
  expect(toBudget(load, runs).tookMs).toBe(2_500);
});

test("hops are told in their order", () => {
  expect(Object.entries(toBudget(load, runs).hops)).toEqual([
    ["claim", 2],
    ["decide", 3],
  ]);
});

test("rates of both runs are told, and the worse noise", () => {
  expect(toBudget(load, runs)).toMatchObject({
    perSecond: 9,
    profiledPerSecond: 8,
    foreignCores: 0.2,
  });
});

test("a load with a rate of its own has that, and neither run's", () => {
  const steady: Load = {
    ...load,
    eventCount: ({ sendsPerSecond, sendSeconds }) => sendsPerSecond * sendSeconds,
    rate: ({ sendsPerSecond }) => sendsPerSecond,
  };
  const told = { eventCount: 80, perSecond: 40, profiledPerSecond: null };
  expect(toBudget(steady, runs)).toMatchObject(told);
});

test("a load without a rate has none", () => {
  const calm = { ...runs, sample: sample({ cores: 1 }), profiledSample: sample({ cores: 1 }) };
  const told = { perSecond: null, profiledPerSecond: null };
  expect(toBudget(load, calm)).toMatchObject(told);
});
