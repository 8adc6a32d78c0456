import avsc, { type Schema } from "avsc";
import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { tooHeavy } from "#libs/contracts/schema-weight.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { samples } from "#test/support/contract-samples.ts";

const record = (name: string, ...types: unknown[]) => {
  return {
    type: "record",
    name,
    fields: types.map((type, index) => ({ name: `f${index}`, type })),
  };
};
/** As the registry's client makes them of what others registered. */
const weigh = (schema: object) => tooHeavy(avsc.Type.forSchema(schema as Schema));

/** Ten fields of a record of ten fields, and so on: 10^depth values in one line. */
function nested(depth: number, leaf: string): object {
  let inner: object = record("R0", leaf);
  for (let index = 1; index <= depth; index++) {
    inner = record(`R${index}`, inner, ...Array.from({ length: 9 }, () => `R${index - 1}`));
  }
  return inner;
}

it("refuses a schema that multiplies its values, before a record of two bytes is read for minutes", () => {
  expect(weigh(nested(10, "int"))).toMatch(/more than 10000 values/);
  expect(weigh(record("Outer", ["null", nested(10, "int")]))).toMatch(/more than 10000 values/);
  expect(weigh(nested(3, "int"))).toBeUndefined();
});

it.each([
  ["a list of nulls", record("R", { type: "array", items: "null" })],
  ["a map of empty records", record("R", { type: "map", values: record("Empty") })],
  [
    "a list of records with a null",
    record("R", { type: "array", items: record("I", "null", "int") }),
  ],
  [
    "a list of fixed values of no size",
    record("R", { type: "array", items: { type: "fixed", name: "F", size: 0 } }),
  ],
])("refuses %s, which takes time and no bytes", (_name, schema) => {
  expect(weigh(schema)).toMatch(/values without a byte/);
});

it("takes our own schemas, options, and records that hold themselves", () => {
  for (const name of Object.keys(samples) as (keyof typeof samples)[]) {
    expect(tooHeavy(compileSchema(readSchema(name)))).toBeUndefined();
  }
  expect(weigh(record("Tree", "string", ["null", "Tree"], { type: "array", items: "Tree" }))).toBe(
    undefined,
  );
});
