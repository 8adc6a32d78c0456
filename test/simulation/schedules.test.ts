// Goal: what the README promises holds in every schedule of faults that a seed can draw.
// Method: the product's own code of five services, one or two processes each, in virtual time over a broker and a
// Redis in memory, which the suites of the real ones have tried; the auditor of the real thing judges.
import { expect, it } from "vitest";
import { runSchedules, toldFailure } from "#test/support/simulation/run-schedules.ts";
import { simulate } from "#test/support/simulation/simulate.ts";

/** Some seconds' worth; `SIMULATION_SCHEDULES=100000 npm run test:simulation` goes on. */
const SCHEDULE_COUNT = 20;

it.each([
  { hasLosses: false, words: "whatever is delayed, lost, doubled, paused, killed or set back" },
  { hasLosses: true, words: "also where Redis comes back without its last writes, or empty" },
])("keeps every guarantee, $words", async ({ hasLosses }) => {
  const some = { fromSeed: 1, count: SCHEDULE_COUNT, failedCountMax: 3, hasLosses };
  const failed = await runSchedules(some);
  expect(failed.map(toldFailure).join("\n")).toBe("");
});

it("plays a seed again exactly, to the last instant", async () => {
  const first = await simulate(4711, { isTold: true });
  expect(first.trace.length).toBeGreaterThan(500);
  expect(await simulate(4711, { isTold: true })).toEqual(first);
  // What is not told is the same schedule.
  expect(await simulate(4711)).toEqual({ ...first, trace: [] });
});

it("does the same to Redis whether or not it is told", async () => {
  for (let seed = 1; seed <= SCHEDULE_COUNT; seed++) {
    const { trace: _, ...told } = await simulate(seed, { isTold: true, hasLosses: true });
    expect(await simulate(seed, { hasLosses: true })).toMatchObject(told);
  }
});

it("plays each schedule by its own seed", async () => {
  const [one, other] = [await simulate(1), await simulate(2)];
  expect(one.count).not.toBe(other.count);
});
