// Which shapes of JSON are odd, and what is read of a text that is nested too deep.
import { expect, it } from "vitest";
import { isTooDeep, oddShape } from "#libs/json/json-shape.ts";
import { parseJson, parseJsonExactly } from "#libs/json/parse-json.ts";

const nested = (depth: number) => `${'{"a":['.repeat(depth / 2)}1${"]}".repeat(depth / 2)}`;
const members = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 0]));

it.each([
  ["text", "a", undefined],
  ["null", null, undefined],
  ["64 levels", JSON.parse(nested(64)), undefined],
  ["66 levels", JSON.parse(nested(66)), "is nested deeper than 64 levels"],
  ["1,000 members", members(1_000), undefined],
  ["1,001 members", [members(1_001)], "has an object of more than 1000 members"],
  ["10,000 values", Array.from({ length: 9_999 }, () => []), undefined],
  ["10,001 values", Array.from({ length: 10_000 }, () => 1), "has more than 10000 values"],
  ["__proto__", JSON.parse('[{"__proto__":{}}]'), "has a member that is called __proto__"],
])("%s: %#", (_name, value, expected) => {
  expect(oddShape(value)).toBe(expected);
});

it("is told without a stack", () => {
  const deep = JSON.parse(nested(200_000));
  expect([oddShape(deep), isTooDeep(deep)]).toEqual(["is nested deeper than 64 levels", true]);
  // What this is about: nobody may write it again.
  expect(() => JSON.stringify(deep)).toThrow(RangeError);
});

it.each([parseJson, parseJsonExactly])("%o reads nothing of what is nested too deep", (parse) => {
  expect(parse(nested(64))).toEqual(JSON.parse(nested(64)));
  expect(parse(nested(66))).toBeUndefined();
  expect(parse(nested(200_000))).toBeUndefined();
});
