import { expect, test } from "vitest";
import { noiseOf } from "#test/bench/figures/noise.ts";
import { sample } from "./rounds.ts";

test("a measurement during which others kept more than a twentieth of a core busy is named", () => {
  const rounds = [
    { take: { ours: sample({}, 0.05), bullmq: sample({}, 0.051) } },
    { take: { ours: sample({}, 0.7) } },
  ];
  expect(noiseOf(rounds)).toStrictEqual([
    "round 1, take, bullmq: others kept 0.05 cores busy",
    "round 2, take, ours: others kept 0.70 cores busy",
  ]);
});

test("a quiet run has nothing to say", () => {
  expect(noiseOf([{ take: { ours: sample({}, 0.01) } }])).toStrictEqual([]);
});
