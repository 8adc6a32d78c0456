// The records within a batch, as kafkajs hands them over.
import { type Batch, MAGIC } from "./batch-header.ts";
import { type BytesCursor, bytesCursor } from "./bytes-cursor.ts";

/** More headers than this are left out: nobody reads them, and each costs as much as a record. */
const HEADER_COUNT_MAX = 1_000;

/** What kafkajs asks of a batch, to leave out aborted transactions. */
type BatchContext = { producerId: string; inTransaction: boolean; isControlBatch: boolean };

/** A record as kafkajs hands it over. Header values may be null, whatever its types say. */
export type ReadRecord = {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, HeaderValue | HeaderValue[]>;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
};
type HeaderValue = Buffer | null;

type Parts = {
  batch: Batch;
  attributes: number;
  /** Epoch ms. */
  producedAt: number;
  at: number;
  key: Buffer | null;
  value: Buffer | null;
  headerBytes: Buffer;
};

/** What takes long to make is made for who asks: a reader of millions of records asks for little of each. */
class BatchRecord implements ReadRecord {
  readonly #parts: Parts;
  constructor(parts: Parts) {
    this.#parts = parts;
  }
  get magicByte() {
    return MAGIC;
  }
  get attributes() {
    return this.#parts.attributes;
  }
  get timestamp() {
    const { batch, producedAt } = this.#parts;
    const isAppendTime = (batch.attributes & 0x08) !== 0;
    return String(isAppendTime ? batch.maxTimestamp : producedAt);
  }
  get offset() {
    return String(this.#parts.at);
  }
  get key() {
    return this.#parts.key;
  }
  get value() {
    return this.#parts.value;
  }
  get headers() {
    return readHeaders(bytesCursor(this.#parts.headerBytes));
  }
  get isControlRecord() {
    return this.batchContext.isControlBatch;
  }
  get batchContext() {
    return this.#parts.batch.context;
  }
}

/** Adds to `records`, so that those before a fault are not lost. */
export function readRecords(content: Buffer, batch: Batch, records: ReadRecord[]): void {
  const cursor = bytesCursor(content);
  let next = batch.baseOffset;
  for (let index = 0; index < batch.recordCount; index++) {
    const end = cursor.varint() + cursor.at();
    const parts = readParts(cursor, batch);
    if (cursor.at() !== end) throw new Error("the length of a record in it is wrong");
    if (parts.at < next || parts.at > batch.lastOffset) {
      throw new Error("its offsets are out of order");
    }
    next = parts.at + 1;
    records.push(new BatchRecord(parts));
  }
  if (cursor.left() > 0) throw new Error("it has more records than it says");
}

/** In the order of their bytes. */
function readParts(cursor: BytesCursor, batch: Batch): Parts {
  return {
    batch,
    attributes: cursor.byte(),
    producedAt: batch.baseTimestamp + cursor.varint(),
    at: batch.baseOffset + cursor.varint(),
    key: cursor.nullable(),
    value: cursor.nullable(),
    headerBytes: takeHeaders(cursor),
  };
}

/** The bytes of a record's headers, of which it is sure that they can be read. */
function takeHeaders(cursor: BytesCursor): Buffer {
  const from = cursor.at();
  const count = cursor.varint();
  if (count < 0) throw new Error("it has a negative number of headers");
  for (let index = 0; index < count; index++) {
    cursor.skip(cursor.varint());
    const length = cursor.varint();
    if (length !== -1) cursor.skip(length);
  }
  return cursor.since(from);
}

/** By name; a name that is there twice has a list. In time that grows with their number alone. */
function readHeaders(cursor: BytesCursor): ReadRecord["headers"] {
  // Without a prototype: a header may be named `__proto__`.
  const headers: ReadRecord["headers"] = { __proto__: null };
  const count = Math.min(cursor.varint(), HEADER_COUNT_MAX);
  for (let index = 0; index < count; index++) {
    const name = cursor.take(cursor.varint()).toString();
    const value = cursor.nullable();
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else headers[name] = [known, value];
  }
  return headers;
}
