// Where a reader of Avro's bytes is, and what it finds there: one record at a time, from its beginning on. Whatever
// the bytes are, it goes forwards alone, and not far beyond their end, which the caller asks for once it has read.

let bytes: Buffer = Buffer.alloc(0);
let at = 0;

/** What the tenth byte of a long counts by, the last that 64 bits have. A product of many more is no number. */
const FACTOR_MAX = 2 ** 63;

/** The next record, and where in it Avro begins. */
export function begin(record: Buffer, from: number): void {
  bytes = record;
  at = from;
}

/** How far was read: beyond the end where there is too little. */
export function readSoFar(): number {
  return at;
}

/** Of a long that no double holds, the nearest one. Throws a RangeError for one of more than ten bytes. */
export function readLong(): number {
  let byte = bytes[at++] ?? 0;
  let coded = byte & 0x7f;
  for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
    if (factor > FACTOR_MAX) throw new RangeError("a number in it is too long");
    byte = bytes[at++] ?? 0;
    coded += (byte & 0x7f) * factor;
  }
  return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
}

export function readBoolean(): boolean {
  const byte = bytes[at++] ?? 0;
  if (byte > 1) throw new RangeError("a boolean in it is neither true nor false");
  return byte === 1;
}

export function passLong(): void {
  while ((bytes[at++] ?? 0) >= 0x80);
}

/** Bytes behind their length. Not a copy. */
export function readBytes(): Buffer {
  const from = passBytes();
  return bytes.subarray(from, at);
}

export function readText(): string {
  const from = passBytes();
  return bytes.toString("utf8", from, at);
}

/** Returns where they begin. */
export function passBytes(): number {
  const length = readLong();
  if (length < 0) throw new RangeError("a length in it is negative");
  const from = at;
  at += length;
  return from;
}

export function pass(byteCount: number): void {
  at += byteCount;
}

/** Of a block of items, none of which is without a byte; 0 ends them. */
export function readCount(): number {
  let count = readLong();
  if (count < 0) {
    count = -count;
    passLong(); // The block's size in bytes, for readers that jump over it.
  }
  if (count > bytes.length - at) throw new RangeError("more items are in it than it has bytes");
  return count;
}
