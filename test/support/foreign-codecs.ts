// How other clients compress a batch. Snappy and lz4 are no part of Node: what is stored as it is, in
// their frames, is read by every decoder of theirs.
import { gzipSync, zstdCompressSync } from "node:zlib";

export type CodecName = "none" | "gzip" | "snappy" | "lz4" | "zstd";
type ForeignCodec = {
  /** In a batch's attributes. */
  number: number;
  compress: (content: Buffer) => Buffer;
};

/** The largest block of the lz4 frame below: its header says so. */
const LZ4_BLOCK_BYTES = 64 * 1024;
/** The highest bit of a block's size: it is stored as it is. */
const LZ4_STORED = 0x80_00_00_00;
/** A literal whose length takes four bytes. */
const SNAPPY_LITERAL = 63 << 2;

export const foreignCodecs: Readonly<Record<CodecName, ForeignCodec>> = {
  none: { number: 0, compress: (content) => content },
  gzip: { number: 1, compress: (content) => gzipSync(content) },
  snappy: { number: 2, compress: snappyFrame },
  lz4: { number: 3, compress: lz4Frame },
  zstd: { number: 4, compress: (content) => zstdCompressSync(content) },
};

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md: version 1, blocks of 64 KiB. */
function lz4Frame(content: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82])];
  for (let from = 0; from < content.length; from += LZ4_BLOCK_BYTES) {
    const block = content.subarray(from, from + LZ4_BLOCK_BYTES);
    const size = Buffer.alloc(4);
    size.writeUInt32LE((block.length | LZ4_STORED) >>> 0);
    parts.push(size, block);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

/** One literal, as Java's SnappyOutputStream frames it. */
function snappyFrame(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Math.max(0, content.length - 1));
  const literal = [Buffer.from([SNAPPY_LITERAL]), length, content];
  const block = Buffer.concat([unsignedVarint(content.length), ...literal]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(block.length);
  const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  return Buffer.concat([header, size, block]);
}

function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}
