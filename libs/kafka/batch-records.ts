// The records within a batch, as kafkajs hands them over.
import { type Batch, MAGIC } from "./batch-header.ts";
import { BytesCursor } from "./bytes-cursor.ts";
import { textHeaders } from "./headers.ts";

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

/** Where in its batch's content a record stands: its numbers, and the places of what is behind a length. */
type Parts = {
  batch: Batch;
  content: Buffer;
  attributes: number;
  timestampDelta: number;
  offsetDelta: number;
  keyAt: number;
  valueAt: number;
  headersAt: number;
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
    const { batch, timestampDelta } = this.#parts;
    const isAppendTime = (batch.attributes & 0x08) !== 0;
    return String(isAppendTime ? batch.maxTimestamp : batch.baseTimestamp + timestampDelta);
  }
  get offset() {
    return String(this.#parts.batch.baseOffset + this.#parts.offsetDelta);
  }
  get key() {
    return new BytesCursor(this.#parts.content, this.#parts.keyAt).nullable();
  }
  get value() {
    return new BytesCursor(this.#parts.content, this.#parts.valueAt).nullable();
  }
  get headers() {
    return readHeaders(this.headersFrom());
  }
  get isControlRecord() {
    return this.batchContext.isControlBatch;
  }
  get batchContext() {
    return this.#parts.batch.context;
  }
  headersFrom() {
    return new BytesCursor(this.#parts.content, this.#parts.headersAt);
  }
}

/** Adds to `records`, so that those before a fault are not lost. */
export function readRecords(content: Buffer, batch: Batch, records: ReadRecord[]): void {
  const cursor = new BytesCursor(content);
  let next = batch.baseOffset;
  for (let index = 0; index < batch.recordCount; index++) {
    const end = cursor.varint() + cursor.at;
    const parts = readParts(cursor, content, batch);
    if (cursor.at !== end) throw new Error("the length of a record in it is wrong");
    const at = batch.baseOffset + parts.offsetDelta;
    if (at < next || at > batch.lastOffset) throw new Error("its offsets are out of order");
    next = at + 1;
    records.push(new BatchRecord(parts));
  }
  if (cursor.left > 0) throw new Error("it has more records than it says");
}

/** In the order of their bytes. */
function readParts(cursor: BytesCursor, content: Buffer, batch: Batch): Parts {
  return {
    batch,
    content,
    attributes: cursor.byte(),
    timestampDelta: cursor.varint(),
    offsetDelta: cursor.varint(),
    keyAt: cursor.passNullable(),
    valueAt: cursor.passNullable(),
    headersAt: passHeaders(cursor),
  };
}

/** Where a record's headers are, of which it is sure that they can be read. */
function passHeaders(cursor: BytesCursor): number {
  const from = cursor.at;
  const count = cursor.varint();
  if (count < 0) throw new Error("it has a negative number of headers");
  for (let index = 0; index < count; index++) {
    cursor.skip(cursor.varint());
    cursor.passNullable();
  }
  return from;
}

/** The text of a record's first header of that name (ASCII) that has one, without making anything of the others. */
export function headerText(record: ReadRecord, name: string): string | undefined {
  // One that was not read here, or that stands for a whole batch.
  if (!(record instanceof BatchRecord)) return textHeaders(record.headers)[name];
  const cursor = record.headersFrom();
  const count = Math.min(cursor.varint(), HEADER_COUNT_MAX);
  for (let index = 0; index < count; index++) {
    const nameLength = cursor.varint();
    const isIt = nameLength === name.length && cursor.isBefore(name);
    cursor.skip(nameLength);
    const length = cursor.varint();
    if (isIt && length !== -1) return cursor.text(length);
    if (length !== -1) cursor.skip(length);
  }
  return undefined;
}

/** By name; a name that is there twice has a list. In time that grows with their number alone. */
function readHeaders(cursor: BytesCursor): ReadRecord["headers"] {
  // Without a prototype: a header may be named `__proto__`.
  const headers: ReadRecord["headers"] = { __proto__: null };
  const count = Math.min(cursor.varint(), HEADER_COUNT_MAX);
  for (let index = 0; index < count; index++) {
    const name = cursor.text(cursor.varint());
    const value = cursor.nullable();
    const known = headers[name];
    if (known === undefined) headers[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else headers[name] = [known, value];
  }
  return headers;
}
