import { Type } from "typebox";
import { expect, it } from "vitest";
import { parseGiven } from "#libs/json/parse-given.ts";

const strict = { additionalProperties: false };
const Body = Type.Object({ a: Type.Object({ b: Type.Integer() }, strict) }, strict);
const unknown = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 0]));

it.each([1, 9, 1_000])("tells of %d unknown members, and of what else is wrong", (count) => {
  const names = Object.keys(unknown(count)).join(", ");
  expect(() => parseGiven(Body, { a: { b: 1 }, ...unknown(count) })).toThrow(
    `The body must not have additional properties: ${names}.`,
  );
  expect(() => parseGiven(Body, { a: { b: "x", ...unknown(count) } })).toThrow(
    /\/a must not have additional properties: k0.*\/a\/b must be integer/,
  );
});
