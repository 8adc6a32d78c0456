import { expect, it } from "vitest";
import { backOffs } from "#libs/kafka/back-off.ts";

const place = { topic: "t", partition: 0 };

it("waits longer after each fault, up to a second, and never in step", () => {
  const waits = backOffs("grows", place);
  for (const longest of [100, 200, 400, 800, 1000, 1000, 1000]) {
    const waitMs = waits.next();
    expect(waitMs).toBeGreaterThanOrEqual(longest * 0.8);
    expect(waitMs).toBeLessThanOrEqual(longest);
  }
});

it("counts by partition over batches, and begins anew after a success", () => {
  backOffs("counts", place).next();
  backOffs("counts", { ...place, partition: 1 }).next();
  expect(backOffs("counts", place).next()).toBeGreaterThan(150);
  backOffs("counts", place).reset();
  expect(backOffs("counts", place).next()).toBeLessThanOrEqual(100);
});
