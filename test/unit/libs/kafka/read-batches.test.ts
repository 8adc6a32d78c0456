// What a broker's bytes become, whatever they are: nothing throws, and what cannot be read says so.
import { gzipSync, zstdCompressSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { headerText, type ReadRecord } from "#libs/kafka/batch-records.ts";
import { isUnreadable, readBatches } from "#libs/kafka/read-batches.ts";
import {
  type RawRecord,
  rawBatch,
  rawRecord,
  varint,
  withChecksum,
} from "#test/support/record-batch.ts";

const GZIP = 1;
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;
const good = (value: string): RawRecord => ({ key: "k", value });
const valuesOf = (records: ReadRecord[]) => records.map(({ value }) => value?.toString());

/** What a consumer reads of batches that lie on a topic, in as many fetches as it takes. */
async function readAll(batches: Buffer[]): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  for (let left = batches; left.length > 0; ) {
    const read = await readBatches(Buffer.concat(left));
    records.push(...read);
    const next = Number(read.at(-1)!.offset) + 1;
    left = left.filter((batch) => Number(batch.readBigInt64BE(0)) >= next);
  }
  return records;
}

/** The offsets that a batch in the midst of two good ones took, and why it could not be read. */
async function brokenBetweenGood(batch: Buffer) {
  const first = rawBatch({ records: [good("before")], baseOffset: 9 });
  const last = rawBatch({ records: [good("after")], baseOffset: 100 });
  const records = await readAll([first, batch, last]);
  expect(records.at(0)!.value!.toString()).toBe("before");
  expect(records.at(-1)!.value!.toString()).toBe("after");
  return records.slice(1, -1);
}

async function reasonOf(batch: Buffer): Promise<string> {
  const records = await brokenBetweenGood(batch);
  expect(records).toHaveLength(1);
  const [record] = records;
  if (!record || !isUnreadable(record)) throw new Error("It was read.");
  expect(record.unreadable.firstOffset).toBe("10");
  return record.unreadable.reason;
}

it("reads keys, values, headers, offsets and times of every compression that it knows", async () => {
  const records: RawRecord[] = [
    { key: "a", value: "1", headers: [["h", "x"]] },
    { key: null, value: null },
    { key: "", value: "" },
  ];
  const plain = { records, baseOffset: 7 };
  for (const batch of [
    rawBatch(plain),
    rawBatch({ ...plain, attributes: GZIP, compress: gzipSync }),
    rawBatch({ ...plain, attributes: ZSTD, compress: zstdCompressSync }),
  ]) {
    const read = await readBatches(batch);
    expect(
      read.map(({ offset, key, value }) => [offset, key?.toString(), value?.toString()]),
    ).toEqual([
      ["7", "a", "1"],
      ["8", undefined, undefined],
      ["9", "", ""],
    ]);
    expect(read[0]).toMatchObject({ timestamp: "1700000000000", headers: { h: Buffer.from("x") } });
  }
});

it("reads headers that have no value, come twice, or are named as nothing else is", async () => {
  const headers = [
    ["none", null],
    ["twice", "1"],
    ["twice", null],
    ["__proto__", "p"],
    ["", "empty"],
    [Buffer.from([0xff, 0x00]), "bytes"],
  ] as const;
  const [record] = await readBatches(rawBatch({ records: [{ value: "v", headers }] }));
  const entries = Object.entries(record!.headers);
  expect(entries.map(([name]) => name)).toEqual(["none", "twice", "__proto__", "", "\u{fffd}\0"]);
  expect(entries[0]![1]).toBeNull();
  expect(entries[1]![1]).toEqual([Buffer.from("1"), null]);
  expect(entries[2]![1]).toEqual(Buffer.from("p"));
  const texts = ["none", "twice", "__proto__", "", "twic", "no"].map((name) =>
    headerText(record!, name),
  );
  expect(texts).toEqual([undefined, "1", "p", "empty", undefined, undefined]);
});

it("reads past very many headers, of which it keeps the first", async () => {
  const headers = Array.from({ length: 300_000 }, () => ["", null] as const);
  const [record] = await readBatches(rawBatch({ records: [{ value: "v", headers }] }));
  expect(record!.value!.toString()).toBe("v");
  expect(record!.headers[""]).toHaveLength(1_000);
});

it("leaves a batch that is cut off to the next fetch", async () => {
  const whole = rawBatch({ records: [good("a")] });
  const cut = rawBatch({ records: [good("b")], baseOffset: 1 });
  for (let length = 0; length < cut.length; length++) {
    const records = await readBatches(Buffer.concat([whole, cut.subarray(0, length)]));
    expect(valuesOf(records)).toEqual(["a"]);
  }
});

it("lets a batch be passed that compaction has emptied", async () => {
  const empty = rawBatch({ records: [], baseOffset: 10, lastOffsetDelta: 4 });
  const [record, ...more] = await brokenBetweenGood(empty);
  expect(record).toMatchObject({ offset: "14", isControlRecord: true });
  expect(more).toEqual([]);
});

it("lets the last offsets of a batch be passed that compaction has taken", async () => {
  const cut = rawBatch({ records: [good("x")], baseOffset: 10, lastOffsetDelta: 4 });
  const [record, end, ...more] = await brokenBetweenGood(cut);
  expect(record).toMatchObject({ offset: "10", isControlRecord: false });
  expect(end).toMatchObject({ offset: "14", isControlRecord: true });
  expect(more).toEqual([]);
});

const two = { records: [good("x"), good("y")], baseOffset: 10 };
const bomb = (compress: (content: Buffer) => Buffer) => (content: Buffer) =>
  compress(Buffer.concat([content, Buffer.alloc(40 * 1024 * 1024)]));

it.each<[string, Buffer, string]>([
  [
    "a zstd bomb",
    rawBatch({ ...two, attributes: ZSTD, compress: bomb(zstdCompressSync) }),
    "becomes more than",
  ],
  [
    "a gzip bomb",
    rawBatch({ ...two, attributes: GZIP, compress: bomb(gzipSync) }),
    "becomes more than",
  ],
  ["snappy", rawBatch({ ...two, attributes: SNAPPY }), "compressed with snappy"],
  ["lz4", rawBatch({ ...two, attributes: LZ4 }), "compressed with lz4"],
  ["an unknown compression", rawBatch({ ...two, attributes: 7 }), "compression 7"],
  ["no zstd", rawBatch({ ...two, attributes: ZSTD }), "it is no zstd"],
  [
    "cut zstd",
    rawBatch({ ...two, attributes: ZSTD, compress: (c) => zstdCompressSync(c).subarray(0, 12) }),
    "it is no zstd",
  ],
  [
    "cut gzip",
    rawBatch({ ...two, attributes: GZIP, compress: (c) => gzipSync(c).subarray(0, 15) }),
    "it is no gzip",
  ],
  ["too many records", rawBatch({ ...two, recordCount: 2 ** 31 - 1 }), "has 2147483647 records"],
  ["a negative count", rawBatch({ ...two, recordCount: -5 }), "has -5 records"],
])("tells of %s, and reads what is around it", async (_name, batch, why) => {
  const reason = await reasonOf(batch);
  expect(reason).toContain(why);
  expect(reason).toContain("offsets 10 to 11");
});

it("tells of a wrong checksum, a format of old and a broken byte anywhere in the batch", async () => {
  const batch = rawBatch(two);
  for (let at = 16; at < batch.length; at++) {
    const broken = Buffer.from(batch);
    broken[at]! ^= 0x55;
    const records = await brokenBetweenGood(broken);
    expect(records.every(isUnreadable)).toBe(true);
  }
});

it.each<[string, Buffer]>([
  ["ends too early", Buffer.from([20])],
  ["has a record of negative length", varint(-9)],
  ["has a length that no number holds", Buffer.alloc(12, 0xff)],
  ["has a key that is longer than it", Buffer.concat([varint(5), Buffer.from([0, 0, 2, 126, 0])])],
  ["has a record that is longer than it says", Buffer.concat([varint(9), rawRecord({}, 1)])],
  ["has offsets out of order", rawRecord({ offsetDelta: 0 }, 0)],
  ["has an offset beyond its last", rawRecord({ offsetDelta: 9 }, 0)],
  ["has a negative offset", rawRecord({ offsetDelta: -1 }, 0)],
])("keeps the records before the place where a batch %s", async (_name, tail) => {
  const whole = rawBatch({ ...two, records: [good("x")], lastOffsetDelta: 1, recordCount: 2 });
  const batch = Buffer.concat([whole, tail]);
  batch.writeInt32BE(batch.length - 12, 8);
  const [kept, broken, ...more] = await brokenBetweenGood(withChecksum(batch));
  expect(kept!.value!.toString()).toBe("x");
  expect(broken).toMatchObject({ offset: "11", unreadable: { firstOffset: "11" } });
  expect(more).toEqual([]);
});

it("stops where a length is wrong, tells of it and gets past it", async () => {
  const batch = rawBatch(two);
  for (const length of [0, -1, 48, -(2 ** 31)]) {
    batch.writeInt32BE(length, 8);
    const [record] = await readBatches(Buffer.concat([batch, rawBatch(two)]));
    expect(record).toMatchObject({ offset: "10", unreadable: { firstOffset: "10" } });
  }
});

it("does not believe a damaged batch about its own end", async () => {
  const damaged = rawBatch(two);
  damaged.writeInt32BE(1_000_000, 23);
  const [alone] = await readBatches(damaged);
  expect(alone).toMatchObject({ offset: "10", unreadable: { firstOffset: "10" } });
  const [followed] = await readBatches(
    Buffer.concat([damaged, rawBatch({ ...two, baseOffset: 12 })]),
  );
  expect(followed).toMatchObject({ offset: "11", unreadable: { firstOffset: "10" } });
});

it("undoes one bomb of an answer at a time", async () => {
  const bombs = Array.from({ length: 3 }, (_, index) =>
    rawBatch({ ...two, baseOffset: index * 2, attributes: ZSTD, compress: bomb(zstdCompressSync) }),
  );
  expect(await readBatches(Buffer.concat(bombs))).toHaveLength(1);
  expect(await readAll(bombs)).toHaveLength(3);
});

it("takes part of an answer that becomes large, and the rest later", async () => {
  const letters = Buffer.alloc(6 * 1024 * 1024, "a");
  const batches = Array.from({ length: 4 }, (_, index) =>
    rawBatch({
      records: [{ value: letters }],
      baseOffset: index,
      attributes: ZSTD,
      compress: zstdCompressSync,
    }),
  );
  const records = await readBatches(Buffer.concat(batches));
  expect(records.map(({ offset }) => offset)).toEqual(["0", "1"]);
});

it("survives any bytes, and never leaves the offsets of its batch", async () => {
  const batch = rawBatch({
    records: [good("x"), { value: "y", headers: [["h", null]] }, good("z")],
    baseOffset: 10,
  });
  const change = fc.record({
    at: fc.integer({ min: 21, max: batch.length - 1 }),
    byte: fc.nat(255),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const broken = Buffer.from(batch);
      for (const { at, byte } of changes) broken[at] = byte;
      const records = await readBatches(withChecksum(broken));
      expect(records.length).toBeGreaterThan(0);
      const offsets = records.map(({ offset }) => Number(offset));
      expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
      expect(offsets[0]).toBeGreaterThanOrEqual(10);
    }),
    { numRuns: 2_000 },
  );
});
