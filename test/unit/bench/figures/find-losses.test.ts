import { describe, expect, test } from "vitest";
import { checkPage, differencesOf } from "#test/bench/figures/check-page.ts";
import { checkRatios, exitCodeOf, lossesOf } from "#test/bench/figures/find-losses.ts";
import type { Goal } from "#test/bench/figures/goals.ts";
import type { Round } from "#test/bench/figures/results.ts";
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
  lossesOf(checkRatios([goal], { before: at(before), now: at(now) })).length;

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
    expect(lossesOf(checkRatios([more], { before, now: slower }))).toStrictEqual([]);
  });
});

describe("what is not compared", () => {
  test("is a figure without a peer, and a scenario that was not measured now", () => {
    const { peer: _, ...alone } = more;
    const nothing = { compared: [], unjudged: [] };
    expect(checkRatios([alone], { before: at(100), now: at(50) })).toStrictEqual(nothing);
    const fire = { ...more, scenario: "fire" };
    expect(checkRatios([fire], { before: at(100), now: at(50) })).toStrictEqual(nothing);
  });

  test("is a ratio of two rounds, or one whose peer a run has not: it is told", () => {
    const absent = { compared: [], unjudged: [{ what: "take", why: "absent" }] };
    const two = at(100).slice(0, 2);
    expect(checkRatios([more], { before: at(100), now: two })).toStrictEqual(absent);
    const plain = { ...more, peer: "plain" };
    expect(checkRatios([plain], { before: at(1), now: at(1) })).toStrictEqual(absent);
  });

  test("is a round in which others disturbed either system", () => {
    const now = [...at(100), ...disturbed("ours", 10), ...disturbed("bullmq", 10)];
    expect(checkRatios([more], { before: at(100), now }).compared).toMatchObject([{ now: 1 }]);
    // The committed ones have noisy rounds, too.
    const before = [...at(100), ...disturbed("ours", 500), ...disturbed("ours", 500)];
    expect(checkRatios([more], { before, now: at(100) }).compared).toMatchObject([{ before: 1 }]);
  });

  test("is a ratio of which noise leaves fewer than three rounds", () => {
    const now = [...at(100).slice(1), ...disturbed("ours", 10)];
    expect(checkRatios([more], { before: at(100), now })).toStrictEqual({
      compared: [],
      unjudged: [{ what: "take", why: "noisy" }],
    });
  });
});

const codeOf = (goals: readonly Goal[], now: readonly Round[]) =>
  exitCodeOf(checkRatios(goals, { before: at(100), now }));

describe("the exit code", () => {
  const noisy = Array.from({ length: 3 }, () => disturbed("ours", 10)).flat();

  test("is 0 where nothing is lost, also where this machine cannot run a peer", () => {
    expect(codeOf([more], at(81))).toBe(0);
    expect(codeOf([more, { ...more, peer: "kafka-streams" }], at(81))).toBe(0);
  });

  test("is 1 of a loss, whatever noise leaves open beside it", () => {
    expect(codeOf([more], at(79))).toBe(1);
    const both = at(79).map((round) => ({ ...round, fire: noisy[0]!["take"]! }));
    const before = at(100).map((round) => ({ ...round, fire: round["take"]! }));
    const goals = [more, { ...more, scenario: "fire" }];
    expect(exitCodeOf(checkRatios(goals, { before, now: both }))).toBe(1);
  });

  test("is 2 of a noisy run, however bad it looks, and of one that compares nothing", () => {
    expect(codeOf([more], noisy)).toBe(2);
    expect(codeOf([more], at(100).slice(1))).toBe(2);
    expect(codeOf([], at(100))).toBe(2);
  });
});

test("the page marks what is lost and what is open, and ends with what that comes to", () => {
  const page = (now: readonly Round[]) => checkPage(checkRatios([more], { before: at(100), now }));
  expect(page(at(100))).toBe("ok   take: 1.00 -> 1.00\nNothing is lost of what was compared.");
  expect(page(at(50))).toMatch(/^LOST take: 1\.00 -> 0\.50\nLOST: more than a fifth/);
  expect(page([...at(50).slice(1), ...disturbed("ours", 50)])).toMatch(
    /^\? {4}take: others used the machine.*\nUNDECIDED/,
  );
  expect(page(at(50).slice(1))).toMatch(/^\? {4}take: not in 3 rounds of both runs\nUNDECIDED/);
});

test("another machine, or another plan than that of the committed rounds is told", () => {
  const machine = { cores: 2, model: "one", node: "v24", pinned: null };
  const before = { machine, plan: { roundCount: 5 } };
  expect(differencesOf(before, before)).toStrictEqual([]);
  const now = { machine: { ...machine, cores: 8 }, plan: { roundCount: 5, warmUpSeconds: 6 } };
  expect(differencesOf(before, now)).toStrictEqual([
    "DIFFERENT cores: 2 -> 8",
    "DIFFERENT warmUpSeconds: undefined -> 6",
  ]);
});

/** A round during which others kept most of a core busy. */
function disturbed(system: "ours" | "bullmq", hundredths: number): Round[] {
  const [round] = rateRounds([[hundredths, 100]]);
  const systems = round!["take"]!;
  return [{ take: { ...systems, [system]: { ...systems[system]!, foreignCores: 0.7 } } }];
}
