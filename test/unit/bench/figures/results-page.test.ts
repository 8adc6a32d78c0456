import { expect, test } from "vitest";
import type { Goal } from "#test/bench/figures/goals.ts";
import type { Results, Round } from "#test/bench/figures/results.ts";
import { resultsPage } from "#test/bench/figures/results-page.ts";
import { resultsPlot } from "#test/bench/figures/results-plot.ts";
import { rateRounds, sample } from "./rounds.ts";

const machine = { cores: 2, model: "a & b", node: "v24", pinned: null };
const scenarios = [
  { name: "take", title: "take <all>", event: "message" },
  { name: "fire", title: "fire", event: "timer" },
];
const goals: Goal[] = [
  { what: "three times", scenario: "take", figure: "perSecond", peer: "bullmq", atLeast: 3 },
  { what: "not measured", scenario: "fire", figure: "perSecond", atLeast: 1 },
];

function run(rounds: readonly Round[]): Results {
  return { at: "2026-11-30T10:00:00.000Z", machine, plan: { roundCount: 3 }, rounds };
}

const three = rateRounds([
  [30_000, 10_000],
  [31_000, 10_000],
  [29_000, 10_000],
]);

test("a goal's row has both medians, the ratio and whether it is reached", () => {
  const page = resultsPage(run(three), { goals, scenarios });
  expect(page).toContain("| three times | >= 3x | 30,000 | 10,000 | 3x | yes |");
  expect(page).not.toContain("not measured");
});

test("a system's row has the spread of its rounds and the CPU of each process", () => {
  const page = resultsPage(run(three), { goals, scenarios });
  expect(page).toContain("| ours | 30,000 (29,000 to 31,000) | node 20, redis 5 |");
});

test("from two rounds no ratio is printed", () => {
  const page = resultsPage(run(three.slice(0, 2)), { goals, scenarios });
  expect(page).toContain("| three times | >= 3x | 30,500 | 10,000 | needs 3 rounds | - |");
});

test("the page says when the machine was not quiet", () => {
  const noisy = [{ take: { ours: sample({ perSecond: 1 }, 1.5) } }];
  expect(resultsPage(run(noisy), { goals, scenarios })).toMatch(
    /NOISY.*during 1 measurements .*; the first: round 1, take, ours/,
  );
  expect(resultsPage(run(three), { goals, scenarios })).toContain("Nobody else used the machine.");
});

test("a ratio that would round to its goal has another digit", () => {
  const rounds = rateRounds([
    [29_990, 10_000],
    [29_990, 10_000],
    [29_990, 10_000],
  ]);
  const page = resultsPage(run(rounds), { goals, scenarios });
  expect(page).toContain("| three times | >= 3x | 29,990 | 10,000 | 2.999x | no |");
});

test("a system that the first round lacks has its row", () => {
  const [first, ...others] = three;
  const { ours } = first!["take"]!;
  const page = resultsPage(run([{ take: { ours: ours! } }, ...others]), { goals, scenarios });
  expect(page).toContain("| bullmq | 10,000 (10,000 to 10,000) |");
});

test("small figures keep three digits", () => {
  const page = resultsPage(run([{ take: { ours: sample({ cores: 0.012_34, ms: 0 }) } }]), {
    goals,
    scenarios,
  });
  expect(page).toContain("| ours | 0.0123 | 0 |");
});

test("the plot has a bar for each system, the longest as wide as there is room", () => {
  const plot = resultsPlot(run(three), scenarios);
  expect(plot.match(/<rect x="150"/g)).toHaveLength(2);
  expect(plot).toContain("take &lt;all> (a second)");
  // The most of all rounds, 31,000, is at the right end; the bar's end is the median.
  expect(plot).toContain('H670"');
  const widths = [...plot.matchAll(/<rect x="150" y="\d+" width="(\d+)"/g)].map(
    ([, width]) => width,
  );
  expect(widths).toStrictEqual(["168", "503"]);
});
