import { expect, it } from "vitest";
import { cutItems } from "#libs/cut-items.ts";

it.each([
  { items: [], slices: [] },
  { items: [1], slices: [[1]] },
  { items: [1, 2], slices: [[1, 2]] },
  { items: [1, 2, 3, 4, 5], slices: [[1, 2], [3, 4], [5]] },
])("cuts $items.length items by two", ({ items, slices }) => {
  expect(cutItems<number>(items, 2)).toEqual(slices);
});
