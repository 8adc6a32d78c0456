import { describe, expect, test } from "vitest";
import { checkPage } from "#test/bench/figures/check-page.ts";
import { compareRatios, lossesOf } from "#test/bench/figures/find-losses.ts";
import type { Goal } from "#test/bench/figures/goals.ts";
import { rateRounds } from "./rounds.ts";

const base = { what: "take", scenario: "take", figure: "perSecond", peer: "bullmq" };
const more: Goal = { ...base, atLeast: 3 };
const less: Goal = { ...base, atMost: 3 };

/** Three rounds of the same ratio, in hundredths. */
const at = (hundredths: number) =>
  rateRounds([
    [hundredths, 100],
    [hundredths, 100],
    [hundredths, 100],
  ]);
const lost = (goal: Goal, before: number, now: number) =>
  lossesOf(compareRatios([goal], { before: at(before), now: at(now) })).length;

describe("a loss", () => {
  test("is more than a fifth of what is to be large", () => {
    expect(lost(more, 100, 80)).toBe(0);
    expect(lost(more, 100, 79)).toBe(1);
    expect(lost(more, 100, 300)).toBe(0);
  });

  test("is more than a fourth on top of what is to be small", () => {
    expect(lost(less, 100, 125)).toBe(0);
    expect(lost(less, 100, 126)).toBe(1);
    expect(lost(less, 100, 10)).toBe(0);
  });

  test("is judged by the ratios of both runs alone: a slower machine is none", () => {
    const before = rateRounds([
      [100, 50],
      [100, 50],
      [100, 50],
    ]);
    const slower = rateRounds([
      [10, 5],
      [10, 5],
      [10, 5],
    ]);
    expect(lossesOf(compareRatios([more], { before, now: slower }))).toStrictEqual([]);
  });
});

test("what only one run has, or tells without a peer, is not compared", () => {
  const { peer: _, ...alone } = more;
  const two = at(100).slice(0, 2);
  expect(compareRatios([more], { before: at(100), now: two })).toStrictEqual([]);
  expect(compareRatios([{ ...more, peer: "plain" }], { before: at(1), now: at(1) })).toStrictEqual(
    [],
  );
  expect(compareRatios([alone], { before: at(100), now: at(50) })).toStrictEqual([]);
});

test("the page marks what is lost, and says where nothing could be compared", () => {
  const compared = compareRatios([more], { before: at(100), now: at(50) });
  expect(checkPage(compared)).toBe("LOST take: 1.00 -> 0.50");
  expect(checkPage([])).toMatch(/Nothing to compare/);
});
