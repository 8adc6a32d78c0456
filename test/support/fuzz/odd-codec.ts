// A Kafka client that writes what ours cannot say: headers without a value. kafkajs counts a value's
// bytes before it looks whether there is one, so a word stands for "none" until the batch is packed.
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import kafkajs from "kafkajs";

/** As a header's value: the record is written with a header whose value is null. */
export const NO_VALUE = "\u0000no value\u0000";
const MARK = Buffer.from(NO_VALUE);

/** Lets kafkajs in this process write gzip and zstd batches in which marked headers have no value. */
export function registerOddCodecs(): void {
  const { CompressionCodecs: codecs, CompressionTypes: types } = kafkajs;
  codecs[types.GZIP] = () => codec(gzipSync, gunzipSync);
  codecs[types.ZSTD] = () => codec(zstdCompressSync, zstdDecompressSync);
}

type Change = (bytes: Buffer) => Buffer;

function codec(compress: Change, decompress: Change) {
  return {
    compress: async ({ buffer }: { buffer: Buffer }) => compress(withoutMarked(buffer)),
    decompress: async (buffer: Buffer) => decompress(buffer),
  };
}

/** The records of a batch, each written again if a header of it is marked. */
function withoutMarked(records: Buffer): Buffer {
  if (!records.includes(MARK)) return records;
  const parts: Buffer[] = [];
  for (let at = 0; at < records.length; ) {
    const length = readVarint(records, at);
    const end = length.end + length.value;
    const body = records.subarray(length.end, end);
    parts.push(sized(unmark(body)));
    at = end;
  }
  return Buffer.concat(parts);
}

const MARKED = Buffer.concat([varint(MARK.length), MARK]);

function unmark(body: Buffer): Buffer {
  const at = body.indexOf(MARKED);
  if (at === -1) return body;
  const rest = unmark(body.subarray(at + MARKED.length));
  return Buffer.concat([body.subarray(0, at), varint(-1), rest]);
}

function sized(body: Buffer): Buffer {
  return Buffer.concat([varint(body.length), body]);
}

/** Kafka's varints are zigzag. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value >= 0 ? value * 2 : -value * 2 - 1;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return Buffer.from([...bytes, left]);
}

function readVarint(bytes: Buffer, from: number): { value: number; end: number } {
  let value = 0;
  let end = from;
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes.readUInt8(end);
    end += 1;
    value += (byte & 0x7f) * shift;
    if (byte < 0x80) break;
  }
  return { value: value % 2 === 0 ? value / 2 : -(value + 1) / 2, end };
}
