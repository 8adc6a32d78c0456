import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";

// Zigzag for 33,554,432 items: enough for a process to run out of memory, told in four bytes.
const MANY = [0x80, 0x80, 0x80, 0x20];
// -2: a block of two items that is preceded by its size in bytes.
const BLOCK_OF_TWO = 0x03;

const field = (name: string, type: unknown) => ({ name, type });
const record = (...fields: object[]) => JSON.stringify({ type: "record", name: "R", fields });
const array = { type: "array", items: "string" };
const map = { type: "map", values: "string" };

it.each([
  ["array", array],
  ["map", map],
])("refuses an %s that claims more items than there are bytes", (_kind, type) => {
  const reader = compileSchema(record(field("items", type)));
  expect(() => reader.decode(Buffer.from([...MANY, 0]), 0)).toThrow(/cannot be in 1 bytes/);
});

it.each([
  ["array", array],
  ["map", map],
])("refuses it also where the reader skips the %s", (_kind, type) => {
  const writer = compileSchema(record(field("items", type), field("end", "string")));
  const reader = compileSchema(record(field("end", "string")));
  const resolver = reader.createResolver(writer);
  const bytes = Buffer.from([...MANY, 0]);
  expect(() => reader.decode(bytes, 0, resolver)).toThrow(/cannot be in 1 bytes/);
});

it("reads and skips blocks that say their size, as other languages write them", () => {
  const writer = compileSchema(
    record(field("items", array), field("map", map), field("end", "int")),
  );
  const [a, b] = [
    [2, 0x61],
    [2, 0x62],
  ] as const;
  const items = [BLOCK_OF_TWO, 8, ...a, ...b, 0];
  const entries = [BLOCK_OF_TWO, 16, ...a, ...a, ...b, ...b, 0];
  const bytes = Buffer.from([...items, ...entries, 14]);

  const all = { items: ["a", "b"], map: { a: "a", b: "b" }, end: 7 };
  expect(writer.decode(bytes, 0)).toStrictEqual({ value: all, offset: bytes.length });
  const reader = compileSchema(record(field("end", "int")));
  const end = reader.decode(bytes, 0, reader.createResolver(writer));
  expect(end).toStrictEqual({ value: { end: 7 }, offset: bytes.length });
});

it("reads bytes that are no UTF-8 as a text that is not well-formed, and a real U+FFFD as it is", () => {
  const reader = compileSchema(record(field("text", "string"), field("texts", map)));
  const bad = [6, 0x61, 0xff, 0x62];
  const good = [6, 0xef, 0xbf, 0xbd];
  const { value } = reader.decode(Buffer.from([...bad, 2, ...good, ...bad, 0]), 0);
  expect(value.text.isWellFormed()).toBe(false);
  const [[key, entry]] = Object.entries<string>(value.texts) as [[string, string]];
  expect(key).toBe("\ufffd");
  expect(entry.isWellFormed()).toBe(false);
});

it("stops at the end of the bytes, however many items are still claimed", () => {
  const wide = Array.from({ length: 5_000 }, (_, index) => field(`f${index}`, "int"));
  const item = { type: "record", name: "Item", fields: [field("text", "string"), ...wide] };
  const writer = compileSchema(record(field("items", { type: "array", items: item })));
  const bytes = Buffer.alloc(1_000_000);
  // 400,000 items, of which the first one's text goes beyond the end: two billion values to read.
  Buffer.from([0x80, 0xea, 0x30, 0xfe, 0xff, 0xff, 0xff, 0x07]).copy(bytes);
  for (const reader of [writer, compileSchema(record())]) {
    const { offset } = reader.decode(bytes, 0, reader.createResolver(writer));
    expect(offset).toBe(-1);
  }
});
