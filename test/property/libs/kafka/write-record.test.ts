// The referee is kafkajs' own writer, which is not replaced where its client is not loaded.
import { createRequire } from "node:module";
import { crc32c } from "@node-rs/crc32";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { type WrittenRecord, writeRecord } from "#libs/kafka/write-record.ts";

const require = createRequire(import.meta.url);
const kafkajsRecord = require("kafkajs/src/protocol/recordBatch/record/v0");
const kafkajsSum = require("kafkajs/src/protocol/recordBatch/crc32C");

const buffer = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const large = fc.constantFrom(8_000, 300_000).map((length) => Buffer.alloc(length, 7));
const text = fc.string({ unit: "grapheme", maxLength: 80 });
const value = fc.oneof(
  { weight: 9, arbitrary: fc.oneof(buffer, text) },
  { weight: 1, arbitrary: large },
);
const header = fc.oneof(buffer, text, fc.constant(null), fc.array(text, { maxLength: 3 }));
const records: fc.Arbitrary<WrittenRecord> = fc.record(
  {
    offsetDelta: fc.nat({ max: 200_000 }),
    timestampDelta: fc.integer({ min: -(2 ** 40), max: 2 ** 45 }),
    key: fc.option(value),
    value: fc.option(value),
    headers: fc.dictionary(text, header, { maxKeys: 6, noNullPrototype: true }),
  },
  { requiredKeys: ["value"] },
);

it("writes each record as kafkajs does, and none over another", () => {
  fc.assert(
    fc.property(fc.array(records, { minLength: 1, maxLength: 20 }), (many) => {
      const written = many.map((record) => writeRecord(record));
      const wanted = many.map((record) => kafkajsRecord(record).buffer);
      expect(Buffer.concat(written).equals(Buffer.concat(wanted))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it("sums bytes as kafkajs does", () => {
  fc.assert(
    fc.property(fc.oneof(buffer, large), (bytes) => {
      expect(crc32c(bytes)).toBe(kafkajsSum(bytes));
    }),
  );
});
