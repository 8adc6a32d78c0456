import { describe, expect, test } from "vitest";
import type { Goal } from "#test/bench/figures/goals.ts";
import { judgeGoal } from "#test/bench/figures/judge-goal.ts";
import { rateRounds } from "./rounds.ts";

const faster: Goal = {
  what: "faster",
  scenario: "take",
  figure: "perSecond",
  peer: "bullmq",
  atLeast: 3,
};

describe("a ratio", () => {
  test("is the middle of the rounds' own ratios, not that of the medians", () => {
    // The machine became half as fast after the first round: medians would say 100 to 50.
    const rounds = rateRounds([
      [200, 50],
      [100, 25],
      [100, 100],
    ]);
    expect(judgeGoal(faster, rounds)).toMatchObject({
      ours: 100,
      theirs: 50,
      value: 4,
      isReached: true,
    });
  });

  test("is refused from two rounds, whatever they say", () => {
    const two = rateRounds([
      [300, 100],
      [300, 100],
    ]);
    expect(judgeGoal(faster, two)).toMatchObject({
      ours: 300,
      value: undefined,
      isReached: undefined,
    });
  });

  test("is refused from rounds of which two have both systems", () => {
    const rounds = rateRounds([
      [300, 100],
      [300, 100],
      [300, 100],
    ]);
    const { ours } = rounds[2]!["take"]!;
    const lacking = [...rounds.slice(0, 2), { take: { ours: ours! } }];
    expect(judgeGoal(faster, lacking).value).toBeUndefined();
  });

  test("leaves out a round in which the peer's figure is nothing", () => {
    const rounds = rateRounds([
      [3, 1],
      [3, 0],
      [3, 1],
    ]);
    expect(judgeGoal(faster, rounds).value).toBeUndefined();
  });
});

test("what is never to be is judged by the most of all rounds", () => {
  const never = { what: "early", scenario: "take", figure: "perSecond", isNever: true, atMost: 0 };
  const rounds = rateRounds([
    [0, 1],
    [0, 1],
    [2, 1],
  ]);
  expect(judgeGoal(never as Goal, rounds)).toMatchObject({ ours: 2, isReached: false });
});

test("rounds that others disturbed count where fewer than three are left without them", () => {
  const quiet = rateRounds([
    [300, 100],
    [300, 100],
    [300, 100],
  ]);
  const noisy = rateRounds([
    [900, 100],
    [900, 100],
    [900, 100],
  ]).map(({ take }) => ({ take: { ...take, ours: { ...take!["ours"]!, foreignCores: 0.7 } } }));
  expect(judgeGoal(faster, [...noisy, ...quiet]).value).toBe(3);
  expect(judgeGoal(faster, [...noisy, ...quiet.slice(1)]).value).toBe(9);
});

test("a goal is reached at its very edge, from either side", () => {
  const rounds = rateRounds([
    [30, 10],
    [30, 10],
    [30, 10],
  ]);
  const atMost = {
    what: "small",
    scenario: "take",
    figure: "perSecond",
    peer: "bullmq",
    atMost: 3,
  };
  expect(judgeGoal(faster, rounds).isReached).toBe(true);
  expect(judgeGoal(atMost, rounds).isReached).toBe(true);
  expect(judgeGoal({ ...faster, atLeast: 3.01 }, rounds).isReached).toBe(false);
  expect(judgeGoal({ ...atMost, atMost: 2.99 }, rounds).isReached).toBe(false);
});

test("a figure by itself needs one round, and may be another system's than ours", () => {
  const goal: Goal = { ...faster, system: "bullmq", atLeast: 10 };
  const { peer: _, ...alone } = goal;
  expect(judgeGoal(alone, rateRounds([[1, 10]]))).toMatchObject({ value: 10, isReached: true });
});

test("of what was not measured nothing is said", () => {
  const unmeasured = { ...faster, scenario: "fire" };
  expect(judgeGoal(unmeasured, rateRounds([[1, 1]]))).toMatchObject({
    ours: undefined,
    theirs: undefined,
    value: undefined,
  });
});
