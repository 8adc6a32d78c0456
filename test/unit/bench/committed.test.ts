// What is committed of a bench run says the same everywhere: in its rounds, on its page and in the README.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goals } from "#test/bench/figures/goals.ts";
import { judgeGoal } from "#test/bench/figures/judge-goal.ts";
import { figuresOf, type Results } from "#test/bench/figures/results.ts";
import { resultsPage } from "#test/bench/figures/results-page.ts";
import { resultsPlot } from "#test/bench/figures/results-plot.ts";
import { show } from "#test/bench/figures/show.ts";
import { median } from "#test/bench/figures/statistics.ts";
import { scenarios } from "#test/bench/scenarios/scenarios.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "../../..", path), "utf8");
const results = JSON.parse(read("test/bench/results.json")) as Results;
const { rounds } = results;

/** Tables without what pads their cells, lines without their breaks. */
function plain(page: string): string {
  return page.replaceAll(/-{3,}/g, "---").replaceAll(/\s+/g, " ").trim();
}

test("the page and the plot are made of the committed rounds", () => {
  expect(plain(read("test/bench/RESULTS.md"))).toBe(
    plain(resultsPage(results, { goals, scenarios })),
  );
  expect(read("test/bench/results.svg")).toBe(resultsPlot(results, scenarios));
});

/** The middle of all rounds. */
function middle(scenario: string, figure: string, system = "ours"): number {
  return median(figuresOf(rounds, { scenario, system, figure }));
}

/** How many times the peer's rate ours is, the middle of each round's own. */
function times(scenario: string, peer: string): number {
  const ratios = rounds.flatMap((round) => {
    const [ours = 0] = figuresOf([round], { scenario, system: "ours", figure: "perSecond" });
    const theirs = figuresOf([round], { scenario, system: peer, figure: "perSecond" });
    return theirs.map((rate) => ours / rate);
  });
  return median(ratios);
}

/** Three digits, of large numbers too. */
const rounded = (rate: number) => show(Number(rate.toPrecision(3)));

test("the README tells the committed rounds' figures", () => {
  const readme = plain(read("README.md"));
  const { at, machine } = results;
  expect(readme).toContain(`Measured on ${at.slice(0, 10)} on two cores (${machine.model})`);
  expect(readme).toContain(
    `${rounded(middle("lives", "perSecond"))} whole lives a second (request, three reports, outcome) by the two consumers that decide them, on one core: ${times("lives", "plain").toFixed(1)} times a plain kafkajs service with Redis, ${times("lives", "kafka-streams").toFixed(1)} of an expert's Kafka Streams application. With every service and simulated carriers on that core it is ${rounded(middle("scale", "perSecond", "separate"))}.`,
  );
  expect(readme).toContain(
    `${rounded(middle("take", "perSecond"))} requests a second are taken and their timers armed: ${times("take", "plain").toFixed(1)} times that plain service. Who wants delays and nothing else is faster with BullMQ, by ${(1 / times("take", "bullmq")).toFixed(1)} times.`,
  );
  expect(readme).toContain(
    `${rounded(middle("open-timers", "perSecond", "millions"))} a second beside them, ${rounded(middle("open-timers", "perSecond", "few"))} without.`,
  );
  const early = figuresOf(rounds, { scenario: "lateness", system: "ours", figure: "earlyCount" });
  expect(Math.max(...early)).toBe(0);
  expect(readme).toContain(
    `None was early; at ${show(results.plan["timersPerSecond"] ?? 0)} a second on one core half of them are late by at most ${show(middle("lateness", "p50Ms"))} ms, and all but one in a hundred by at most ${show(middle("lateness", "p99Ms"))}: BullMQ's by ${show(middle("lateness", "p99Ms", "bullmq hz 500"))} or ${show(middle("lateness", "p99Ms", "bullmq hz 10"))} (\`hz\` 500 or 10), a tuned Kafka Streams application's by ${show(middle("lateness", "p99Ms", "kafka-streams"))}.`,
  );
  const reached = goals.filter((goal) => judgeGoal(goal, rounds).isReached);
  expect(readme).toContain(`${reached.length} of ${goals.length} goals are reached`);
});
