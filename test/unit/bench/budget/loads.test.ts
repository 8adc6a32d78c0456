import { expect, test } from "vitest";
import { loads } from "#test/bench/budget/loads.ts";
import { goals } from "#test/bench/figures/goals.ts";

/** Ours beside ours: what one of them costs is no limit of the other. */
const WITHOUT_LOAD = ["open-timers", "scale"];

test("each goal that may be missed for what something costs has the load that shows it", () => {
  const lacking = goals.filter(({ scenario, system = "ours", figure }) => {
    const isShown = loads.some((load) => {
      const isOfIt = load.scenario.name === scenario && load.system === system;
      return isOfIt && load.figures.includes(figure);
    });
    return !isShown && !WITHOUT_LOAD.includes(scenario);
  });
  expect(lacking.map(({ figure }) => figure)).toStrictEqual(["earlyCount", "mebibytes"]);
});

test("a load is of a system that its scenario has, under a name of its own", () => {
  expect(new Set(loads.map(({ name }) => name)).size).toBe(loads.length);
  for (const { scenario, system } of loads) expect(scenario.systems).toHaveProperty([system]);
});
