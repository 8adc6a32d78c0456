import { expect, it } from "vitest";
import { cpuMs } from "#test/support/cpu-ms.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";

/** Spends so much of this thread's CPU. */
function spend(ms: number): void {
  const until = cpuMs() + ms;
  while (cpuMs() < until);
}

it("calls quadratic what is quadratic", async () => {
  expect(await growthOf((size) => spend(size * size), 4)).toBeGreaterThan(LINEAR_GROWTH_MAX);
});

it("measures again what a neighbour on the core has slowed down", async () => {
  let runs = 0;
  const slowedOnce = (size: number) => spend(runs++ < 18 ? size * size : size);
  expect(await growthOf(slowedOnce, 4)).toBeLessThan(LINEAR_GROWTH_MAX);
});
