import { expect, it } from "vitest";
import { backOffs } from "#libs/kafka/back-off.ts";

const place = { topic: "t", partition: 0 };

it("waits longer after each fault, up to a second, and never in step", () => {
  const waits = backOffs("grows");
  for (const longest of [100, 200, 400, 800, 1000, 1000, 1000]) {
    const waitMs = waits.next(place);
    expect(waitMs).toBeGreaterThanOrEqual(longest * 0.8);
    expect(waitMs).toBeLessThanOrEqual(longest);
  }
});

it("counts by partition over batches, and begins anew after a success", () => {
  const waits = backOffs("counts");
  waits.next(place);
  waits.next({ ...place, partition: 1 });
  expect(waits.next(place)).toBeGreaterThan(150);
  waits.reset(place);
  expect(waits.next(place)).toBeLessThanOrEqual(100);
});
