// The records within a batch, as kafkajs hands them over.
import { type Batch, MAGIC } from "./batch-header.ts";
import { type BytesCursor, bytesCursor } from "./bytes-cursor.ts";

/** More headers than this are left out: nobody reads them, and each costs as much as a record. */
const HEADER_COUNT_MAX = 1_000;

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

/** Adds to `records`, so that those before a fault are not lost. */
export function readRecords(content: Buffer, batch: Batch, records: ReadRecord[]): void {
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
