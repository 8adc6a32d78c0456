import { expect, test } from "vitest";
import { median, percentile, spread } from "#test/bench/figures/statistics.ts";

test("the middle of an odd number is one of them, of an even number between two", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 6])).toBe(5.5);
  expect(median([7])).toBe(7);
});

test("nothing has no middle and no share", () => {
  expect(() => median([])).toThrow(RangeError);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

test("a share is a value that was measured, by nearest rank", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile([3], 0.99)).toBe(3);
  expect(percentile([3, 4], 0)).toBe(3);
});

test("a spread has the least and the most beside the middle", () => {
  expect(spread([3, 1, 2])).toStrictEqual({ middle: 2, least: 1, most: 3 });
});
