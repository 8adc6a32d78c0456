import { describe, expect, it } from "vitest";
import { createPace } from "#libs/smpp/pace.ts";
import { nextSequence } from "#libs/smpp/pending-requests.ts";
import { reconnectDelayMs } from "#libs/smpp/reconnect-delay.ts";

describe("the pace of a connection", () => {
  it("lets so many a second go out, and takes nothing for what would be too late", () => {
    let now = 1_000;
    const pace = createPace(10, () => now);
    const waits = Array.from({ length: 5 }, () => pace.reserve(1, 1_000));
    expect(waits).toEqual([0, 0, 100, 200, 300]);
    expect(pace.reserve(1, 200)).toBeUndefined();
    now = 1_400;
    expect(pace.reserve(30, 0)).toBe(0);
    expect(pace.reserve(1, 5_000)).toBeGreaterThan(2_500);
  });

  it("halves at each word of throttling, not for each request that was on its way, and grows back", () => {
    let now = 10_000;
    const pace = createPace(100, () => now);
    for (let index = 0; index < 10; index++) pace.throttle();
    expect(pace.rate()).toBe(50);
    now += 1_500;
    const grown = pace.rate();
    expect(grown).toBeGreaterThan(50);
    expect(grown).toBeLessThan(60);
    pace.throttle();
    expect(pace.rate()).toBeCloseTo(grown / 2);
    now += 120_000;
    expect(pace.rate()).toBe(100);
  });

  it("never comes to a standstill", () => {
    let now = 10_000;
    const pace = createPace(1, () => now);
    for (let index = 0; index < 100; index++, now += 1_000) pace.throttle();
    expect(pace.rate()).toBeGreaterThan(0.05);
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
