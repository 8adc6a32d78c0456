import { expect, it } from "vitest";
import { duration } from "#deploy/terminal/duration.ts";

it.each([
  [0, "0 s"],
  [1_250, "1.25 s"],
  [60_000, "60 s"],
  [302_000, "5 min 2 s"],
  [3_600_000, "60 min"],
  [259_200_000, "72 h"],
  [259_500_000, "72 h 5 min"],
])("says %i ms as %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});
