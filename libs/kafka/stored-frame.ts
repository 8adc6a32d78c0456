// A zstd frame of one block that is stored as it is (RFC 8878, "Raw_Block"): whoever reads zstd reads it, and nobody
// computes anything for it.

const MAGIC = 0xfd2fb528;
/** One segment, its content's length in one byte, or in two, which count from 256. */
const [SHORT, LONG] = [0x20, 0x60];
const LONG_FROM = 256;
const LENGTH_MAX = LONG_FROM + 0xffff;
const LAST_RAW_BLOCK = 1;
const BLOCK_HEADER_BYTES = 3;

/** The frame of at most 65,791 bytes. */
export function storedFrame(content: Buffer): Buffer {
  const { length } = content;
  if (length > LENGTH_MAX) throw new RangeError(`${length} bytes are too many for a stored frame.`);
  const begin = contentBegin(length);
  const frame = Buffer.allocUnsafe(begin + length);
  frame.writeUInt32LE(MAGIC, 0);
  frame[4] = length < LONG_FROM ? SHORT : LONG;
  if (length < LONG_FROM) frame[5] = length;
  else frame.writeUInt16LE(length - LONG_FROM, 5);
  frame.writeUIntLE((length << 3) | LAST_RAW_BLOCK, begin - BLOCK_HEADER_BYTES, BLOCK_HEADER_BYTES);
  content.copy(frame, begin);
  return frame;
}

/** The content of such a frame, not copied; undefined of any other bytes. */
export function storedContent(frame: Buffer): Buffer | undefined {
  if (frame.length < contentBegin(0) || frame.readUInt32LE(0) !== MAGIC) return undefined;
  const isShort = frame[4] === SHORT;
  if (!isShort && frame[4] !== LONG) return undefined;
  const length = isShort ? frame.readUInt8(5) : frame.readUInt16LE(5) + LONG_FROM;
  const begin = contentBegin(length);
  if (frame.length !== begin + length) return undefined;
  const block = frame.readUIntLE(begin - BLOCK_HEADER_BYTES, BLOCK_HEADER_BYTES);
  return block === ((length << 3) | LAST_RAW_BLOCK) ? frame.subarray(begin) : undefined;
}

function contentBegin(length: number): number {
  return (length < LONG_FROM ? 6 : 7) + BLOCK_HEADER_BYTES;
}
