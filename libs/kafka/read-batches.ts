// Record batches as a broker sends them (https://kafka.apache.org/documentation/#recordbatch), read
// without trust: what is inside was written by others, and a broker passes on what it once took.
// A batch that cannot be read, or would become too large, is told as one `UnreadableBatch` in its
// place; all others are read. Nothing here throws, and nothing takes more memory than the limits say.
import { type BytesCursor, bytesCursor } from "./bytes-cursor.ts";
import { decompress } from "./decompress.ts";
import { requireInternal } from "./kafkajs-internals.ts";

/** kafkajs knows no more of it than this; our own producer's sends become 1 MiB. */
const BATCH_BYTES_MAX = 32 * 1024 * 1024;
/** A record takes 7 bytes at least, and becomes an object of some 400. */
const RECORD_COUNT_MAX = 100_000;
/** More headers than this are left out: nobody reads them, and each costs as much as a record. */
const HEADER_COUNT_MAX = 1_000;
/** What one answer may become of one partition before the rest is left for the next fetch. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** Offset and length stand before the part that the length counts. */
const PREFIX_BYTES = 12;
const HEADER_BYTES = 61;
const CHECKED_FROM = 21;
const MAGIC = 2;

/** What kafkajs asks of a batch, to leave out aborted transactions. */
type BatchContext = { producerId: string; inTransaction: boolean; isControlBatch: boolean };

/** A record as kafkajs hands it over. Header values may be null, whatever its types say. */
export type ReadRecord = {
  magicByte: number;
  attributes: number;
  timestamp: string;
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, HeaderValue | HeaderValue[]>;
  isControlRecord: boolean;
  batchContext: BatchContext;
};
type HeaderValue = Buffer | null;

/** Stands for the records of a batch from `firstOffset` to its own offset, the batch's last one. */
export type UnreadableBatch = ReadRecord & { unreadable: { reason: string; firstOffset: string } };

/** True for what stands for records that could not be read; its value is the whole batch. */
export function isUnreadable(record: object): record is UnreadableBatch {
  return "unreadable" in record;
}

const crc32c: (bytes: Buffer) => number = requireInternal("protocol/recordBatch/crc32C");

/** All records of an answer's bytes, in order. A batch that is cut off at the end is left out. */
export async function readBatches(answer: Buffer): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  let byteCount = 0;
  let at = 0;
  while (answer.length - at >= HEADER_BYTES && byteCount < ANSWER_BYTES_MAX) {
    const length = PREFIX_BYTES + answer.readInt32BE(at + 8);
    if (length > answer.length - at) break;
    // Where a length is wrong nobody knows where the next batch begins.
    const bytes = length < HEADER_BYTES ? answer.subarray(at) : answer.subarray(at, at + length);
    const read = await readBatch(readHeader(bytes, length, nextOffset(answer, at + bytes.length)));
    for (const record of read.records) records.push(record);
    byteCount += read.byteCount;
    at += bytes.length;
  }
  return records;
}

type Batch = ReturnType<typeof readHeader>;

async function readBatch(batch: Batch) {
  const records: ReadRecord[] = [];
  try {
    const content = await contentOf(batch);
    readRecords(content, batch, records);
    // Compaction leaves batches without records; like a marker, they are to be passed.
    if (records.length === 0) records.push(placeholder(batch, { isControlRecord: true }));
    return { records, byteCount: content.length };
  } catch (error) {
    records.push(unreadable(batch, records, error));
    // It may have cost as much as a batch may: many bombs in one answer are not undone in one go.
    return { records, byteCount: ANSWER_BYTES_MAX };
  }
}

/** Where the batch behind one begins; undefined at the end of an answer. */
function nextOffset(answer: Buffer, at: number): number | undefined {
  return answer.length - at < 8 ? undefined : Number(answer.readBigInt64BE(at));
}

/**
 * `next` is where the next batch begins. Of a batch that is damaged it alone says where it ends; where
 * it is not known, the batch is passed offset by offset.
 */
function readHeader(bytes: Buffer, length: number, next: number | undefined) {
  const attributes = bytes.readInt16BE(21);
  const baseOffset = Number(bytes.readBigInt64BE(0));
  const damage = damageOf(bytes, length);
  const lastDelta = damage === undefined ? bytes.readInt32BE(23) : (next ?? 0) - 1 - baseOffset;
  return {
    bytes,
    damage,
    attributes,
    baseOffset,
    lastOffset: baseOffset + Math.max(0, lastDelta),
    baseTimestamp: Number(bytes.readBigInt64BE(27)),
    maxTimestamp: Number(bytes.readBigInt64BE(35)),
    recordCount: bytes.readInt32BE(57),
    context: {
      producerId: bytes.readBigInt64BE(43).toString(),
      inTransaction: (attributes & 0x10) !== 0,
      isControlBatch: (attributes & 0x20) !== 0,
    },
  };
}

function damageOf(bytes: Buffer, length: number): string | undefined {
  const magic = bytes.readInt8(16);
  if (length !== bytes.length) return "its length is wrong";
  if (magic !== MAGIC) return `its format is ${magic}, not ${MAGIC}`;
  const isIntact = crc32c(bytes.subarray(CHECKED_FROM)) === bytes.readUInt32BE(17);
  return isIntact ? undefined : "its checksum is wrong";
}

async function contentOf({ bytes, damage, attributes, recordCount }: Batch): Promise<Buffer> {
  if (damage !== undefined) throw new Error(damage);
  if (recordCount < 0 || recordCount > RECORD_COUNT_MAX) {
    throw new Error(`it has ${recordCount} records, ${RECORD_COUNT_MAX} at most are read`);
  }
  return decompress(bytes.subarray(HEADER_BYTES), attributes & 0x07, BATCH_BYTES_MAX);
}

/** Adds to `records`, so that those before a fault are not lost. */
function readRecords(content: Buffer, batch: Batch, records: ReadRecord[]): void {
  const cursor = bytesCursor(content);
  let next = batch.baseOffset;
  for (let index = 0; index < batch.recordCount; index++) {
    const end = cursor.varint() + cursor.at();
    const record = readRecord(cursor, batch);
    const offset = Number(record.offset);
    if (cursor.at() !== end) throw new Error("the length of a record in it is wrong");
    if (offset < next || offset > batch.lastOffset) throw new Error("its offsets are out of order");
    next = offset + 1;
    records.push(record);
  }
  if (cursor.left() > 0) throw new Error("it has more records than it says");
}

function readRecord(cursor: BytesCursor, batch: Batch): ReadRecord {
  const attributes = cursor.byte();
  const producedAt = batch.baseTimestamp + cursor.varint();
  const isAppendTime = (batch.attributes & 0x08) !== 0;
  return {
    magicByte: MAGIC,
    attributes,
    timestamp: String(isAppendTime ? batch.maxTimestamp : producedAt),
    offset: String(batch.baseOffset + cursor.varint()),
    key: cursor.nullable(),
    value: cursor.nullable(),
    headers: readHeaders(cursor),
    isControlRecord: batch.context.isControlBatch,
    batchContext: batch.context,
  };
}

/** By name; a name that is there twice has a list. In time that grows with their number alone. */
function readHeaders(cursor: BytesCursor): ReadRecord["headers"] {
  // Without a prototype: a header may be named `__proto__`.
  const headers: ReadRecord["headers"] = { __proto__: null };
  const count = cursor.varint();
  if (count < 0) throw new Error("it has a negative number of headers");
  for (let index = 0; index < count; index++) {
    const name = cursor.take(cursor.varint()).toString();
    const value = cursor.nullable();
    if (index >= HEADER_COUNT_MAX) continue;
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else headers[name] = [known, value];
  }
  return headers;
}

function unreadable(batch: Batch, records: readonly ReadRecord[], error: unknown): UnreadableBatch {
  const why = error instanceof Error ? error.message : String(error);
  const last = records.at(-1);
  const first = last ? Number(last.offset) + 1 : batch.baseOffset;
  const firstOffset = String(Math.min(first, batch.lastOffset));
  const range = `offsets ${firstOffset} to ${batch.lastOffset}`;
  const reason = `A batch cannot be read (${range}): ${why}.`;
  return { ...placeholder(batch, { value: batch.bytes }), unreadable: { reason, firstOffset } };
}

function placeholder(batch: Batch, given: Partial<ReadRecord>): ReadRecord {
  return {
    magicByte: MAGIC,
    attributes: 0,
    timestamp: String(batch.maxTimestamp),
    offset: String(batch.lastOffset),
    key: null,
    value: null,
    headers: {},
    isControlRecord: batch.context.isControlBatch,
    batchContext: batch.context,
    ...given,
  };
}
