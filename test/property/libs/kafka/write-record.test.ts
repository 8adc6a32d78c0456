// The referee is kafkajs' own writer.
import { crc32c } from "@node-rs/crc32";
import * as fc from "fast-check";
import { expect, it } from "vitest";
// oxlint-disable-next-line import/no-unassigned-import -- it lets kafkajs, too, compress with zstd
import "#libs/kafka/kafkajs/kafkajs-client.ts";
import { writeBatch } from "#libs/kafka/kafkajs/write-batch.ts";
import { type WrittenRecord, writeRecord } from "#libs/kafka/kafkajs/write-record.ts";
import { kafkajsOwn } from "#test/support/kafkajs-own.ts";

const kafkajsRecord = kafkajsOwn("protocol/recordBatch/record/v0");
const kafkajsBatch = kafkajsOwn("protocol/recordBatch/v0").RecordBatch;
const kafkajsSum = kafkajsOwn("protocol/recordBatch/crc32C/crc32C");

const buffer = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const large = fc.constantFrom(8_000, 300_000).map((length) => Buffer.alloc(length, 7));
const text = fc.string({ unit: "grapheme", maxLength: 80 });
const value = fc.oneof(
  { weight: 9, arbitrary: fc.oneof(buffer, text) },
  { weight: 1, arbitrary: large },
);
// Not null, for which kafkajs throws; what we write for it `kafkajs-repairs.test.ts` reads.
const header = fc.oneof(buffer, text, fc.array(text, { maxLength: 3 }));
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

it("is judged by kafkajs, not by itself", () => {
  expect(Object.keys(kafkajsRecord({ value: null }))).toContain("offset");
  expect(kafkajsSum).not.toBe(crc32c);
  expect(String(kafkajsBatch)).toContain("Encoder");
});

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

const instant = fc.nat({ max: 2 ** 45 });
const batches = fc.record({
  compression: fc.constantFrom(0, 1, 4),
  transactional: fc.boolean(),
  firstTimestamp: instant,
  maxTimestamp: instant,
  producerId: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  producerEpoch: fc.integer({ min: -1, max: 2 ** 15 - 1 }),
  firstSequence: fc.nat({ max: 2 ** 31 - 1 }),
  lastOffsetDelta: fc.nat({ max: 200_000 }),
  records: fc
    .array(records, { minLength: 1, maxLength: 20 })
    .map((many) => many.map((record): { buffer: Buffer } => kafkajsRecord(record))),
});

it("writes each batch as kafkajs does, however it is compressed", async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const wanted = await kafkajsBatch(batch);
      expect((await writeBatch(batch)).equals(wanted.buffer)).toBe(true);
    }),
  );
});

it("sums bytes as kafkajs does", () => {
  fc.assert(
    fc.property(fc.oneof(buffer, large), (bytes) => {
      expect(crc32c(bytes)).toBe(kafkajsSum(bytes));
    }),
  );
});
