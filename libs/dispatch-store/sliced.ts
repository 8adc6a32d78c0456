// One script at a time runs in Redis, so what it is given is bounded.

const COUNT_MAX = 64;
const BYTES_MAX = 4 * 1024 * 1024;

/** Cuts commands into slices for one script each, in order. One alone may exceed the bytes. */
export function sliced<Item extends { command: Buffer }>(items: readonly Item[]): Item[][] {
  const slices: Item[][] = [];
  let slice: Item[] = [];
  let byteCount = 0;
  for (const item of items) {
    const isFull = slice.length >= COUNT_MAX || byteCount + item.command.length > BYTES_MAX;
    if (isFull && slice.length > 0) {
      slices.push(slice);
      slice = [];
      byteCount = 0;
    }
    slice.push(item);
    byteCount += item.command.length;
  }
  if (slice.length > 0) slices.push(slice);
  return slices;
}
