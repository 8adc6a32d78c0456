// How far back the journal and other topics are read, by what Redis still says of a shard.
import { expect, it } from "vitest";
import { planRestore, toReadAgain } from "#libs/restore/plan-restore.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 10, 29, 12);
const token = "000004-9f2c41ab an-older-process";

function planOf(given: string, lastEntryId: string, missingTimerCount = 0) {
  const epoch = { shard: 3, token: given };
  const [plan] = planRestore([{ epoch, lastEntryId, missingTimerCount }], NOW);
  return plan;
}

it("a shard that lost its end is read from a while before what it last wrote", () => {
  const lastMs = NOW - 30 * MINUTE_MS;
  expect(planOf(token, `${lastMs}-7`)).toEqual({
    shard: 3,
    kind: "part",
    sinceMs: lastMs - 10 * MINUTE_MS,
    lastMs,
  });
});

const wholes: [string, string, string, number?][] = [
  ["that Redis does not know", "", "0-0"],
  ["whose epoch is gone, whatever else is there", "", `${NOW - 1_000}-0`],
  ["that was never written to", token, "0-0"],
  ["whose last entry is of a clock that was ahead", token, `${NOW + 5_000}-0`],
  ["to which somebody has put old values back", "000004-9f2c41ab lost", `${NOW - 1_000}-0`],
  ["of whose timers one is gone", token, `${NOW - 1_000}-0`, 1],
];

it.each(wholes)(
  "a shard %s is read from 9 days ago on",
  (_name, given, lastEntryId, missing = 0) => {
    const plan = { shard: 3, kind: "whole", sinceMs: NOW - 9 * DAY_MS, lastMs: null };
    expect(planOf(given, lastEntryId, missing)).toEqual(plan);
  },
);

it("a shard that was idle for a month is read no further back than any other", () => {
  expect(planOf(token, `${NOW - 30 * DAY_MS}-0`)?.sinceMs).toBe(NOW - 9 * DAY_MS);
});

it("what lay beside the journal is read again: reports that waited, and all that was to be told", () => {
  const lastMs = NOW - 60 * MINUTE_MS;
  const part = { shard: 1, kind: "part", sinceMs: 0, lastMs } as const;
  const idle = { shard: 2, kind: "part", sinceMs: 0, lastMs: NOW - 20 * DAY_MS } as const;
  // Shards of one Redis end at one instant: that of the one that was written to last.
  expect(toReadAgain([idle, part], NOW)).toEqual({
    "cancel-requests": lastMs - 10 * MINUTE_MS,
    "status-reports": lastMs - 25 * MINUTE_MS,
    "message-journal": lastMs - 10 * MINUTE_MS,
  });
  const whole = { shard: 3, kind: "whole", sinceMs: 0, lastMs: null } as const;
  expect(toReadAgain([whole], lastMs)).toEqual({
    "cancel-requests": lastMs - 10 * MINUTE_MS,
    "status-reports": lastMs - 25 * MINUTE_MS,
    "message-journal": lastMs - 10 * MINUTE_MS - DAY_MS,
  });
});
