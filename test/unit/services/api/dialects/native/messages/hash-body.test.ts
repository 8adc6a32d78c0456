import { expect, it } from "vitest";
import { hashBody } from "#services/api/dialects/native/messages/hash-body.ts";

it("is the same whatever the order of members", async () => {
  const one = { a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } };
  const other = { b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 };
  expect(await hashBody(["POST", one])).toBe(await hashBody(["POST", other]));
});

it.each<[unknown, unknown]>([
  [{ a: 1 }, { a: "1" }],
  [{ a: [1, 2] }, { a: [2, 1] }],
  [{ a: null }, {}],
  [["a", "b"], ["ab"]],
])("tells %j from %j", async (one, other) => {
  expect(await hashBody([one])).not.toBe(await hashBody([other]));
});

it("tells one part from two", async () => {
  expect(await hashBody(["a", "b"])).not.toBe(await hashBody(["ab"]));
});
