// Readers of arrays and maps that trust no length. Avro writes the count of items first; avsc 5.7
// allocates and loops for whatever count it finds, so four bad bytes could stop a process for good.
// These replace avsc's own readers of the same name, which its resolvers take over as they stand.
/* oxlint-disable no-underscore-dangle -- the names are avsc's */
import avsc from "avsc";

/** avsc's cursor over the bytes. Reading past the end gives zeros and is found out afterwards. */
type Tap = { readonly buf: Buffer; pos: number; readLong(): number; readString(): string };
type Reader = { _read(tap: Tap): unknown; _skip(tap: Tap): void };

/**
 * Bounds the arrays and maps of every schema in this process, the registry client's too: types are
 * frozen once they are made, so it is done where avsc keeps its functions. Twice is harmless.
 */
export function boundCollections(): void {
  Object.assign(avsc.types.ArrayType.prototype, { _read: readArray, _skip: skipArray });
  Object.assign(avsc.types.MapType.prototype, { _read: readMap, _skip: skipMap });
}

function readArray(this: { itemsType: Reader }, tap: Tap): unknown[] {
  const items: unknown[] = [];
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0) items.push(this.itemsType._read(tap));
  }
  return items;
}

function readMap(this: { valuesType: Reader }, tap: Tap): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0) {
      const key = tap.readString();
      map[key] = this.valuesType._read(tap);
    }
  }
  return map;
}

function skipArray(this: { itemsType: Reader }, tap: Tap): void {
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0) this.itemsType._skip(tap);
  }
}

function skipMap(this: { valuesType: Reader }, tap: Tap): void {
  for (let count = readCount(tap); count > 0; count = readCount(tap)) {
    while (count-- > 0) {
      tap.readString();
      this.valuesType._skip(tap);
    }
  }
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
