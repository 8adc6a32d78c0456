import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseSchemaFile } from "#deploy/codegen/avro-schema.ts";
import { generateTypes } from "#deploy/codegen/generate-types.ts";
import { printTypes } from "#deploy/codegen/typescript.ts";

const enumeration = { type: "enum", name: "E", doc: "d", symbols: ["UNKNOWN", "A"] };

/** A file with one record, whose field `f` is as given. */
function file(field: object, name = "thing") {
  const fields = [{ name: "f", doc: "d", type: "string", ...field }];
  const record = { type: "record", name: "Thing", doc: "A thing.", fields };
  return parseSchemaFile(`${name}.avsc`, JSON.stringify(record));
}

function printed(field: object): string {
  return printTypes([file(field)]);
}

it("has written the types that the schemas say today", () => {
  const written = readFileSync("libs/contracts/generated/types.ts", "utf8");
  expect(written).toBe(generateTypes("schemas"));
});

it.each([
  ["string", "f: string;", "f: string;"],
  [{ type: "long", logicalType: "timestamp-millis" }, "f: number;", "f: number;"],
  [["null", "bytes"], "f: Buffer | null;", "f: Buffer | null;"],
  [{ type: "array", items: "int" }, "f: number[];", "f: readonly number[];"],
  [
    { type: "map", values: "string" },
    "f: Record<string, string>;",
    "f: Readonly<Record<string, string>>;",
  ],
  [{ ...enumeration, default: "UNKNOWN" }, "f: E;", "f: E;"],
])("prints %j as it is decoded and as it is given", (type, decoded, given) => {
  const [, record, init] = printed({ type }).split(/export type Thing(?:Init)? = /);
  expect(record).toContain(decoded);
  expect(init).toContain(given);
});

it("lets a writer leave out a field that has a default", () => {
  expect(printed({ type: ["null", "string"], default: null })).toContain(
    "f?: string | null | undefined;",
  );
});

it("keeps the docs, and wraps long ones", () => {
  expect(printed({ doc: "Short." })).toContain("  /** Short. */\n  f: string;");
  const wrapped = printed({ doc: "long ".repeat(30).trim() });
  expect(wrapped).toMatch(/\n {2}\/\*\*\n {3}\* long .{70,91}\n {3}\* long .*\n {3}\*\/\n {2}f/);
});

it.each([
  ["a field without a doc", { doc: "" }, 'thing.f: "doc" is missing.'],
  [
    "an enum without a default",
    { type: enumeration },
    "thing.f: the enum needs the symbol UNKNOWN",
  ],
  ["a union of two types", { type: ["string", "int"] }, "thing.f: a union is"],
  ["a union of three types", { type: ["null", "string", "int"] }, "thing.f: a union is"],
  ["a type of another file", { type: "Other" }, 'thing.f: "Other" is not a type'],
])("refuses %s, and says where it is", (_what, field, fault) => {
  expect(() => file(field)).toThrow(fault);
});

it.each([
  ["default", { default: "x" }],
  ["doc", { doc: "other" }],
  ["type", { type: "int" }],
])("refuses a type that another file defines with another %s", (_what, other) => {
  const files = [file({}, "one"), file(other, "two")];
  expect(() => printTypes(files)).toThrow("two: Thing differs from the Thing of another file.");
});
