// Record batches written byte by byte, right ones and wrong ones, as a broker would hand them over.
import { kafkajsOwn } from "#test/support/kafkajs-own.ts";

const crc32c: (bytes: Buffer) => number = kafkajsOwn("protocol/recordBatch/crc32C");

type HeaderPair = readonly [Buffer | string, Buffer | string | null];
export type RawRecord = {
  key?: Buffer | string | null;
  value?: Buffer | string | null;
  headers?: readonly HeaderPair[];
  offsetDelta?: number;
};
type BatchFields = {
  records: readonly RawRecord[];
  baseOffset?: number;
  attributes?: number;
  lastOffsetDelta?: number;
  recordCount?: number;
  compress?: (content: Buffer) => Buffer;
};

/** A batch whose checksum fits, whatever else of it does not. */
export function rawBatch(fields: BatchFields): Buffer {
  const { records, baseOffset = 0, attributes = 0 } = fields;
  const content = Buffer.concat(records.map((record, index) => rawRecord(record, index)));
  const { compress = (same: Buffer) => same } = fields;
  const header = Buffer.alloc(61);
  const body = compress(content);
  header.writeBigInt64BE(BigInt(baseOffset), 0);
  header.writeInt32BE(49 + body.length, 8);
  header.writeInt8(2, 16);
  header.writeInt16BE(attributes, 21);
  header.writeInt32BE(fields.lastOffsetDelta ?? records.length - 1, 23);
  header.writeBigInt64BE(1_700_000_000_000n, 27);
  header.writeBigInt64BE(1_700_000_000_000n, 35);
  header.writeBigInt64BE(-1n, 43);
  header.writeInt32BE(fields.recordCount ?? records.length, 57);
  return withChecksum(Buffer.concat([header, body]));
}

/** The same batch with a checksum that fits. */
export function withChecksum(batch: Buffer): Buffer {
  const copy = Buffer.from(batch);
  copy.writeUInt32BE(crc32c(copy.subarray(21)), 17);
  return copy;
}

export function rawRecord(record: RawRecord, index: number): Buffer {
  const { key = null, value = null, headers = [], offsetDelta = index } = record;
  const pairs = headers.map(([name, content]) => [sized(name), sized(content)]).flat();
  const start = [Buffer.from([0]), varint(0), varint(offsetDelta)];
  const body = Buffer.concat([
    ...start,
    sized(key),
    sized(value),
    varint(headers.length),
    ...pairs,
  ]);
  return Buffer.concat([varint(body.length), body]);
}

/** Zigzag-coded. */
export function varint(value: number): Buffer {
  let coded = (BigInt(value) << 1n) ^ (BigInt(value) >> 63n);
  const bytes: number[] = [];
  do {
    const rest = coded >> 7n;
    bytes.push(Number(coded & 0x7fn) | (rest > 0n ? 0x80 : 0));
    coded = rest;
  } while (coded > 0n);
  return Buffer.from(bytes);
}

function sized(content: Buffer | string | null): Buffer {
  if (content === null) return varint(-1);
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(bytes.length), bytes]);
}
