// What stands in front of a batch's records, and their bytes once that is believed.
import { crc32c } from "@node-rs/crc32";
import { decompress } from "./decompress.ts";

/** kafkajs knows no more of it than this; our own producer's sends become 1 MiB. */
const BATCH_BYTES_MAX = 32 * 1024 * 1024;
/** A record takes 7 bytes at least, and becomes an object of some 400. */
const RECORD_COUNT_MAX = 100_000;

/** Offset and length stand before the part that the length counts. */
export const PREFIX_BYTES = 12;
export const HEADER_BYTES = 61;
export const CHECKED_FROM = 21;
export const MAGIC = 2;

export type Batch = ReturnType<typeof readHeader>;

/**
 * `next` is where the next batch begins. Of a batch that is damaged it alone says where it ends; where
 * it is not known, the batch is passed offset by offset.
 */
export function readHeader(bytes: Buffer, length: number, next: number | undefined) {
  const attributes = bytes.readInt16BE(21);
  const baseOffset = Number(bytes.readBigInt64BE(0));
  const damage = damageOf(bytes, length);
  const lastDelta = damage === undefined ? bytes.readInt32BE(23) : (next ?? 0) - 1 - baseOffset;
  return {
    bytes,
    damage,
    attributes,
    baseOffset,
    lastOffset: baseOffset + Math.max(0, lastDelta),
    baseTimestamp: Number(bytes.readBigInt64BE(27)),
    maxTimestamp: Number(bytes.readBigInt64BE(35)),
    recordCount: bytes.readInt32BE(57),
    context: {
      producerId: bytes.readBigInt64BE(43).toString(),
      inTransaction: (attributes & 0x10) !== 0,
      isControlBatch: (attributes & 0x20) !== 0,
    },
  };
}

function damageOf(bytes: Buffer, length: number): string | undefined {
  const magic = bytes.readInt8(16);
  if (length !== bytes.length) return "its length is wrong";
  if (magic !== MAGIC) return `its format is ${magic}, not ${MAGIC}`;
  const isIntact = crc32c(bytes.subarray(CHECKED_FROM)) === bytes.readUInt32BE(17);
  return isIntact ? undefined : "its checksum is wrong";
}

/** The records' bytes. Throws for a batch that is damaged, or would become too large. */
export async function contentOf({
  bytes,
  damage,
  attributes,
  recordCount,
}: Batch): Promise<Buffer> {
  if (damage !== undefined) throw new Error(damage);
  if (recordCount < 0 || recordCount > RECORD_COUNT_MAX) {
    throw new Error(`it has ${recordCount} records, ${RECORD_COUNT_MAX} at most are read`);
  }
  return decompress(bytes.subarray(HEADER_BYTES), attributes & 0x07, BATCH_BYTES_MAX);
}
