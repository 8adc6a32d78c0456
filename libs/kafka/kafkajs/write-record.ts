// Writes records as a batch holds them (Kafka's record format, magic 2). All share slabs of memory: a record of its own
// buffers costs more than its bytes.

/** As kafkajs' producer hands them over. */
export type WrittenRecord = {
  offsetDelta?: number;
  timestampDelta?: number;
  key?: Bytes;
  value: Bytes;
  headers?: Readonly<Record<string, Bytes | readonly Bytes[]>>;
};

type Bytes = Buffer | string | null | undefined;

const SLAB_BYTES = 256 * 1024;
/** Seven bits a byte: lengths and offsets have 32 bits, timestamps 64. */
const LENGTH_BYTES_MAX = 5;
const NUMBERS_BYTES_MAX = LENGTH_BYTES_MAX + 1 + 10 + LENGTH_BYTES_MAX + LENGTH_BYTES_MAX;

let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
let at = 0;

/** The record's bytes, its length before them. They are never written to again. */
export function writeRecord(record: WrittenRecord): Buffer {
  const { offsetDelta = 0, timestampDelta = 0, key, value } = record;
  const headers = pairsOf(record.headers);
  reserve(bytesAtMost(key, value, headers));
  at += LENGTH_BYTES_MAX;
  const bodyAt = at;
  slab[at++] = 0;
  varint(timestampDelta);
  varint(offsetDelta);
  bytes(key);
  bytes(value);
  varint(headers.length);
  for (const [name, each] of headers) {
    bytes(name);
    bytes(each);
  }
  return behindItsLength(bodyAt);
}

/** What was written from `bodyAt` on, with its length right before it; what that leaves of its room stays empty. */
function behindItsLength(bodyAt: number): Buffer {
  const bodyEnd = at;
  const length = bodyEnd - bodyAt;
  const from = bodyAt - varintBytes(length);
  at = from;
  varint(length);
  at = bodyEnd;
  return slab.subarray(from, bodyEnd);
}

type Pair = readonly [name: string, value: Bytes];

/** A header of several values stands there once for each. */
function pairsOf(headers: WrittenRecord["headers"] = {}): Pair[] {
  return Object.entries(headers).flatMap(([name, value]): Pair[] =>
    isMany(value) ? value.map((each): Pair => [name, each]) : [[name, value]],
  );
}

function isMany(value: Bytes | readonly Bytes[]): value is readonly Bytes[] {
  return Array.isArray(value);
}

function reserve(count: number): void {
  if (at + count <= slab.length) return;
  slab = Buffer.allocUnsafeSlow(Math.max(count, SLAB_BYTES));
  at = 0;
}

function bytesAtMost(key: Bytes, value: Bytes, headers: readonly Pair[]): number {
  let count = NUMBERS_BYTES_MAX + spaceOf(key) + spaceOf(value);
  for (const [name, each] of headers) count += spaceOf(name) + spaceOf(each);
  return count;
}

/** A UTF-16 unit takes three bytes at most. */
function spaceOf(value: Bytes): number {
  const units = value?.length ?? 0;
  return LENGTH_BYTES_MAX + (typeof value === "string" ? 3 * units : units);
}

function bytes(value: Bytes): void {
  if (value === null || value === undefined) return varint(-1);
  if (typeof value !== "string") {
    varint(value.length);
    at += value.copy(slab, at);
    return;
  }
  varint(Buffer.byteLength(value));
  at += slab.write(value, at);
}

/** Zigzag-coded, seven bits a byte, the lowest first. */
function varint(value: number): void {
  let coded = value < 0 ? -2 * value - 1 : 2 * value;
  while (coded >= 0x80) {
    slab[at++] = (coded % 0x80) + 0x80;
    coded = Math.floor(coded / 0x80);
  }
  slab[at++] = coded;
}

/** Of a length. */
function varintBytes(length: number): number {
  let count = 1;
  for (let left = 2 * length; left >= 0x80; left = Math.floor(left / 0x80)) count++;
  return count;
}
