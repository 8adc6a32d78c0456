import { Type } from "typebox";
import { expect, it } from "vitest";
import { findListFault } from "#libs/json/list-fault.ts";
import { givenParser, parseGiven } from "#libs/json/parse-given.ts";
import { NewApiKey } from "#libs/settings/bodies/api-key.ts";
import { bodies, readBody } from "#libs/settings/setting.ts";
import { cpuMs } from "#test/support/cpu-ms.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";

const many = Array.from({ length: 40_000 }, () => 1);
const senders = { senders: many };

/** CPU ms. */
function costOf(work: () => unknown): number {
  const before = cpuMs();
  try {
    work();
  } catch {
    // Refused, as it should be.
  }
  return cpuMs() - before;
}

it.each([
  ["parseGiven", () => parseGiven(bodies.channel, senders)],
  ["givenParser", () => givenParser(bodies.channel)(senders)],
])("%s counts items before it compares them", (_, parse) => {
  expect(parse).toThrow("/senders must not have more than 100 items.");
  expect(costOf(parse)).toBeLessThan(1_000);
});

it("counts the items of stored settings too", () => {
  const json = JSON.stringify({ ...senders, smsFallback: true, enabled: true });
  expect(readBody("channel", json)).toBeUndefined();
  expect(costOf(() => readBody("channel", json))).toBeLessThan(1_000);
});

it("finds lists in lists, in members and in choices", () => {
  const List = Type.Array(Type.Array(Type.Integer(), { maxItems: 2 }), { maxItems: 3 });
  const Either = Type.Object({ a: Type.Optional(Type.Union([List, Type.Null()])) });
  expect(findListFault(Either, { a: [[1], [1, 2, 3]] })).toMatchObject({
    path: "/a/1",
    words: "must not have more than 2 items",
  });
  expect(findListFault(Either, { a: [[], [], [], []] })).toMatchObject({ path: "/a" });
  expect(findListFault(Either, { a: null })).toBeUndefined();
  expect(findListFault(Either, {})).toBeUndefined();
  expect(findListFault(Type.Array(Type.Integer(), { maxItems: 0 }), [1])).toMatchObject({
    path: "",
    words: "must not have more than 0 items",
  });
});

const Different = Type.Object({ a: Type.Array(Type.Unknown(), { uniqueItems: true }) });

it("finds in a list what stands there twice, where all are to differ", () => {
  const words = "must not have duplicate items";
  expect(findListFault(Different, { a: ["1", 1, null, {}, []] })).toBeUndefined();
  expect(findListFault(Different, { a: ["1", 1, "1"] })).toMatchObject({ path: "/a", words });
  expect(findListFault(Different, { a: [{}, {}] })).toMatchObject({ path: "/a", words });
  expect(findListFault(Type.Array(Type.Integer()), [1, 1])).toBeUndefined();
});

it.each([
  ["an account", "acme"],
  ["no text", {}],
])(
  "tells of a list that has %s many times over in time that grows as the list does",
  async (_, account) => {
    const parse = givenParser(Different);
    const run = (count: number) =>
      costOf(() => parse({ a: Array.from({ length: count }, () => account) }));
    expect(() => parse({ a: [account, account] })).toThrow("/a must not have duplicate items.");
    expect(await growthOf(run, 10_000)).toBeLessThan(LINEAR_GROWTH_MAX);
  },
);

it("every list that is to have different items says how many they may be", () => {
  const unbounded = [...Object.values(bodies), NewApiKey].flatMap((schema) =>
    listsOf(schema).filter(({ maxItems }) => maxItems === undefined),
  );
  expect(unbounded).toEqual([]);
});

type List = { type: "array"; maxItems?: number };
function listsOf(schema: unknown): List[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "type" in schema && schema.type === "array" ? [schema as List] : [];
  return [...own, ...Object.values(schema).flatMap(listsOf)];
}
