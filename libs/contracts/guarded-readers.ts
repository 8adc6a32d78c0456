// Readers of arrays, maps and strings that trust no writer. Avro writes the count of items first;
// avsc 5.7 allocates and loops for whatever count it finds, so four bad bytes could stop a process
// for good. Of bytes that are no UTF-8 it makes a text that nobody wrote. These replace avsc's own
// readers of the same name, which its resolvers take over as they stand.
/* oxlint-disable no-underscore-dangle -- the names are avsc's */
import { isUtf8 } from "node:buffer";
import avsc from "avsc";

/** avsc's cursor over the bytes. Reading past the end gives zeros and is found out afterwards. */
type Tap = {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
  /** undefined past the end. */
  readString(): string | undefined;
};
type Reader = { _read(tap: Tap): unknown; _skip(tap: Tap): void };

/** What Node puts in the place of bytes that are no UTF-8. */
const REPLACEMENT = "\ufffd";
/** Half a character, which no UTF-8 holds: a text with it is not well-formed. */
const HALF = "\ud800";

/**
 * Guards the arrays, maps and strings of every schema in this process, the registry client's too: types are
 * frozen once they are made, so it is done where avsc keeps its functions. Twice is harmless.
 */
export function guardReaders(): void {
  Object.assign(avsc.types.ArrayType.prototype, { _read: readArray, _skip: skipArray });
  Object.assign(avsc.types.MapType.prototype, { _read: readMap, _skip: skipMap });
  Object.assign(avsc.types.StringType.prototype, { _read: readText });
}

function readArray(this: { itemsType: Reader }, tap: Tap): unknown[] {
  const items: unknown[] = [];
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0 && hasBytes(tap)) items.push(this.itemsType._read(tap));
  }
  return items;
}

function readMap(this: { valuesType: Reader }, tap: Tap): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0 && hasBytes(tap)) {
      const key = readText(tap) ?? "";
      map[key] = this.valuesType._read(tap);
    }
  }
  return map;
}

/** The text; where its bytes are no UTF-8, one that is not well-formed, so that bounds find it. */
function readText(tap: Tap): string | undefined {
  const from = tap.pos;
  const text = tap.readString();
  if (text === undefined || !text.includes(REPLACEMENT)) return text;
  const end = tap.pos;
  tap.pos = from;
  tap.readLong();
  const bytes = tap.buf.subarray(tap.pos, end);
  tap.pos = end;
  return isUtf8(bytes) ? text : text.replaceAll(REPLACEMENT, HALF);
}

function skipArray(this: { itemsType: Reader }, tap: Tap): void {
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0 && hasBytes(tap)) this.itemsType._skip(tap);
  }
}

function skipMap(this: { valuesType: Reader }, tap: Tap): void {
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0 && hasBytes(tap)) {
      tap.readString();
      this.valuesType._skip(tap);
    }
  }
}

/** Past the end there are only zeros, and as many items of them as somebody claims. */
function hasBytes({ buf, pos }: Tap): boolean {
  return pos <= buf.length;
}

/** The next block's count; 0 ends the collection. Every item of our contracts takes a byte or more. */
function readCount(tap: Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.readLong(); // The block's size in bytes, for readers that jump over it.
  }
  const bytesLeft = tap.buf.length - tap.pos;
  if (count > 0 && count > bytesLeft) {
    throw new RangeError(`${count} items cannot be in ${Math.max(0, bytesLeft)} bytes`);
  }
  return count;
}
