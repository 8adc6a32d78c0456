import { describe, expect, it } from "vitest";
import { nextSequence } from "#libs/smpp/pending-requests.ts";
import { reconnectDelayMs } from "#libs/smpp/reconnect-delay.ts";
import { createRequestRate } from "#libs/smpp/request-rate.ts";

describe("the rate of a connection", () => {
  it("lets so many a second go out, and takes nothing for what would be too late", () => {
    let now = 1_000;
    const requestRate = createRequestRate(10, () => now);
    const waits = Array.from({ length: 5 }, () => requestRate.reserve(1, 1_000));
    expect(waits).toEqual([0, 0, 100, 200, 300]);
    expect(requestRate.reserve(1, 200)).toBeUndefined();
    now = 1_400;
    expect(requestRate.reserve(30, 0)).toBe(0);
    expect(requestRate.reserve(1, 5_000)).toBeGreaterThan(2_500);
  });

  it("halves at each word of throttling, not for each request that was on its way, and grows back", () => {
    let now = 10_000;
    const requestRate = createRequestRate(100, () => now);
    for (let index = 0; index < 10; index++) requestRate.throttle();
    expect(requestRate.rate()).toBe(50);
    now += 1_500;
    const grown = requestRate.rate();
    expect(grown).toBeGreaterThan(50);
    expect(grown).toBeLessThan(60);
    requestRate.throttle();
    expect(requestRate.rate()).toBeCloseTo(grown / 2);
    now += 120_000;
    expect(requestRate.rate()).toBe(100);
  });

  it("never comes to a standstill", () => {
    let now = 10_000;
    const requestRate = createRequestRate(1, () => now);
    for (let index = 0; index < 100; index++, now += 1_000) requestRate.throttle();
    expect(requestRate.rate()).toBeGreaterThan(0.05);
  });
});

it("the number of a request is 1 to 0x7fffffff, and none that is pending", () => {
  expect(nextSequence(0, () => false)).toBe(1);
  expect(nextSequence(0x7fffffff, (each) => each < 4)).toBe(4);
  expect(nextSequence(0x7ffffffe, () => false)).toBe(0x7fffffff);
  expect(nextSequence(0x7ffffffd, (each) => each >= 0x7ffffffe)).toBe(1);
});

it("pauses before another bind are 1, 2, 4 ... 60 s, and no two lines' the same", () => {
  const longest = Array.from({ length: 9 }, (_, count) => reconnectDelayMs(count, 1));
  expect(longest).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000));
  expect(reconnectDelayMs(0, 0)).toBe(750);
  expect(reconnectDelayMs(2_000, 0)).toBe(45_000);
});
