// Skimming says what avsc's resolvers say, whatever the values are and whoever wrote them, and trusts no bytes.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { digestType } from "#libs/contracts/digest.ts";
import { journalDigestFields, requestDigestFields } from "#libs/contracts/journal-digest.ts";
import { rescuedFields } from "#libs/contracts/journal-rescue.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { skimmer } from "#libs/contracts/skim.ts";
import { arbitraryOf } from "#test/support/arbitrary-of.ts";

type Fields = { name: string; type: unknown; default?: unknown }[];
const record = (...fields: Fields) =>
  compileSchema(JSON.stringify({ type: "record", name: "R", fields }));
const enumOf = (symbols: string[]) => ({ type: "enum", name: "E", symbols, default: "UNKNOWN" });
const nested = (...fields: Fields) => ({
  type: "array",
  items: { type: "record", name: "N", fields },
});

const writer = record(
  { name: "passed", type: { type: "map", values: ["null", "boolean", "string"] } },
  { name: "id", type: "string" },
  { name: "kind", type: enumOf(["UNKNOWN", "OLD", "NEW"]) },
  { name: "count", type: "int" },
  { name: "at", type: ["null", { type: "long", logicalType: "timestamp-millis" }] },
  {
    name: "parts",
    type: nested({ name: "x", type: "bytes" }, { name: "y", type: ["null", "string"] }),
  },
  { name: "rest", type: { type: "array", items: "string" } },
);
const reader = record(
  { name: "id", type: "string" },
  { name: "kind", type: enumOf(["UNKNOWN", "OLD"]) },
  { name: "count", type: ["null", "long"], default: null },
  { name: "at", type: ["null", "long"], default: null },
  { name: "parts", type: nested({ name: "y", type: ["null", "string"] }) },
  { name: "later", type: "string", default: "none" },
);

it.each([
  ["another version", writer, reader],
  [
    "the journal's schema",
    compileSchema(readSchema("journal-entry")),
    digestType("journal-entry", journalDigestFields),
  ],
  [
    "all of the journal's schema but its end",
    compileSchema(readSchema("journal-entry")),
    digestType("journal-entry", rescuedFields),
  ],
  [
    "the requests' schema",
    compileSchema(readSchema("send-request")),
    digestType("send-request", requestDigestFields),
  ],
])("reads as avsc does what %s has", (_, given, wanted) => {
  const skim = skimmer(given, wanted);
  const resolver = wanted.createResolver(given);
  fc.assert(
    fc.property(arbitraryOf(given), (value) => {
      const bytes = given.toBuffer(value);
      expect(skim(bytes, 0)).toEqual(wanted.fromBuffer(bytes, resolver));
    }),
    { numRuns: 200 },
  );
});

it("reads one item where the first is enough, and nothing behind it", () => {
  const wanted = record({ name: "parts", type: nested({ name: "y", type: ["null", "string"] }) });
  const parts = ["a", "b"].map((y) => ({ x: Buffer.from("x"), y }));
  const value = { passed: {}, id: "i", kind: "NEW", count: 1, at: null, parts, rest: ["z"] };
  const bytes = writer.toBuffer(value);
  expect(skimmer(writer, wanted, "parts")(bytes, 0)).toEqual({ parts: [{ y: "a" }] });
  expect(skimmer(writer, wanted, "parts")(bytes.subarray(0, -2), 0)).toEqual({
    parts: [{ y: "a" }],
  });
});

it("ends with an Error, and soon, whatever the bytes are", () => {
  const skim = skimmer(writer, reader);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (given) => {
      const fault = faultOf(() => skim(Buffer.from(given), 0));
      expect(fault === undefined || fault instanceof Error).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it("refuses a number of more than 64 bits, however long it is", () => {
  const numbers = record({ name: "count", type: "long" }, { name: "id", type: "string" });
  const skim = skimmer(numbers, numbers);
  const highest = Buffer.from("feffffffffffffffff0100", "hex");
  expect(skim(highest, 0)).toEqual({ count: 2 ** 63, id: "" });
  for (const byteCount of [10, 150, 1_000]) {
    const endless = Buffer.concat([Buffer.alloc(byteCount, 0x80), Buffer.from("0000", "hex")]);
    expect(() => skim(endless, 0)).toThrow(RangeError);
  }
});

it("refuses a boolean that is none", () => {
  const flags = record({ name: "is", type: "boolean" });
  const skim = skimmer(flags, flags);
  expect([0, 1].map((byte) => skim(Buffer.from([byte]), 0))).toEqual([{ is: false }, { is: true }]);
  expect(() => skim(Buffer.from([2]), 0)).toThrow(RangeError);
});

it("refuses types that differ in more than fields, symbols and null", () => {
  const other = record({ name: "id", type: "long" });
  expect(() => skimmer(other, record({ name: "id", type: "string" }))).toThrow(TypeError);
  expect(() => skimmer(other, record({ name: "gone", type: "string" }))).toThrow(TypeError);
});

function faultOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
