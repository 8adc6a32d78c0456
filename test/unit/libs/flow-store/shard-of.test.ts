import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { shardOf } from "#libs/flow-store/shard-of.ts";

// Computed with an independent implementation of FNV-1a and Murmur3's finaliser.
it.each([
  ["", 11, 923],
  ["a", 3, 715],
  ["message-1", 4, 972],
  ["0f8b2c9e-4d51-4a7e-9d0b-5f6b2f1c7a10", 7, 231],
  ["é-7", 14, 590],
])("never moves %j to another shard", (id, of16, of1000) => {
  expect([shardOf(id, 16), shardOf(id, 1_000)]).toEqual([of16, of1000]);
});

it("spreads ids evenly, random ones as well as numbered ones", () => {
  const idCount = 16_000;
  for (const id of [() => randomUUID(), (i: number) => `message-${i}`]) {
    const sizes = Array.from({ length: 16 }, () => 0);
    for (let i = 0; i < idCount; i++) sizes[shardOf(id(i), 16)]! += 1;
    // Six standard deviations of a binomial count with p = 1/16.
    for (const size of sizes)
      expect(Math.abs(size - 1_000)).toBeLessThan(6 * Math.sqrt(1_000 * (15 / 16)));
  }
});
