import { expect, it } from "vitest";
import { backOff, nextDelayMs } from "#services/webhook-notifier/back-off.ts";

/** All delays of a notification whose endpoint never answers, in seconds. */
function delaysOf(tryMs: number): number[] {
  const delays: number[] = [];
  let now = 0;
  for (;;) {
    now += tryMs;
    const delay = nextDelayMs({ failureCount: delays.length, queuedAt: 0, now }, backOff);
    if (delay === null) return delays.map((ms) => ms / 1_000);
    delays.push(delay);
    now += delay;
  }
}

it("tries again after 1, 10, 30 and 90 s, then twice as late each time, up to an hour", () => {
  const delays = delaysOf(0);
  expect(delays.slice(0, 11)).toEqual([1, 10, 30, 90, 180, 360, 720, 1440, 2880, 3600, 3600]);
  expect(Math.max(...delays)).toBe(3_600);
});

it.each([0, 10_000])("gives up within a day where each try takes %i ms", (tryMs) => {
  const delays = delaysOf(tryMs);
  const lastTryAt = delays.reduce((sum, delay) => sum + delay + tryMs / 1_000, 0);
  expect(lastTryAt).toBeLessThanOrEqual(24 * 3_600);
  expect(lastTryAt).toBeGreaterThan(22 * 3_600);
});

it("tries once what waited for a day behind another", () => {
  const day = 24 * 3_600_000;
  expect(nextDelayMs({ failureCount: 0, queuedAt: 0, now: day }, backOff)).toBeNull();
});
