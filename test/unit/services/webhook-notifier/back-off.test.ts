import { expect, it } from "vitest";
import { retryAfterMs } from "#libs/http/outward/retry-after.ts";
import { backOff, nextDelayMs } from "#services/webhook-notifier/back-off.ts";

/** All delays of a notification whose endpoint never answers, in seconds. */
function delaysOf(tryMs: number): number[] {
  const delays: number[] = [];
  let now = 0;
  for (;;) {
    now += tryMs;
    const delay = nextDelayMs(
      { failureCount: delays.length, queuedAt: 0, now, askedMs: 0 },
      backOff,
    );
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
  expect(nextDelayMs({ failureCount: 0, queuedAt: 0, now: day, askedMs: 0 }, backOff)).toBeNull();
});

it.each([
  ["later than the back-off", 8_000, 8_000],
  ["sooner than the back-off", 500, 1_000],
  ["later than the longest back-off", 86_400_000, 3_600_000],
])("waits as long as an endpoint asks, where that is %s", (_, askedMs, delayMs) => {
  const failing = { failureCount: 0, queuedAt: 0, now: 0, askedMs };
  expect(nextDelayMs(failing, backOff)).toBe(delayMs);
});

const now = Date.parse("2026-11-06T08:49:37Z");
it.each([
  ["8", 8_000],
  ["Fri, 06 Nov 2026 08:50:07 GMT", 30_000],
  ["Friday, 06-Nov-26 08:50:07 GMT", 30_000],
  ["Fri, 06 Nov 2026 08:00:00 GMT", 0],
  ["0", 0],
  ["-5", 0],
  ["1.5", 0],
  ["9".repeat(400), 0],
  ["soon", 0],
  [undefined, 0],
  [["8", "9"], 0],
])("reads Retry-After %s as %i ms", (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
