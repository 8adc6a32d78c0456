// Writes a batch of records (Kafka's record format, magic 2) into one buffer: its header, then the records' bytes, compressed.
import { crc32c } from "@node-rs/crc32";
import { CHECKED_FROM, HEADER_BYTES, MAGIC, PREFIX_BYTES } from "../batch-header.ts";
import { requireInternal } from "./kafkajs-internals.ts";

type Encoded = { readonly buffer: Buffer };
type Codec = { compress(encoder: Encoded): Promise<Buffer> };

const { lookupCodec }: { lookupCodec: (compression: number) => Codec } = requireInternal(
  "protocol/message/compression",
);

/** As kafkajs' producer hands it over; timestamps are epoch ms. */
export type WrittenBatch = {
  compression?: number;
  transactional?: boolean;
  firstTimestamp: number;
  maxTimestamp: number;
  /** One of kafkajs' own 64-bit numbers, or its digits. */
  producerId: unknown;
  producerEpoch?: number;
  firstSequence?: number;
  records: readonly Encoded[];
  lastOffsetDelta?: number;
};

/** The batch's bytes. Rejects where its compression is none that this process knows. */
export async function writeBatch(batch: WrittenBatch): Promise<Buffer> {
  const { compression = 0, records, transactional = false } = batch;
  const content = Buffer.concat(records.map(({ buffer }) => buffer));
  const compressed =
    compression === 0 ? content : await lookupCodec(compression).compress({ buffer: content });
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + compressed.length);
  bytes.writeBigInt64BE(0n, 0);
  bytes.writeInt32BE(bytes.length - PREFIX_BYTES, 8);
  bytes.writeInt32BE(0, 12);
  bytes.writeInt8(MAGIC, 16);
  bytes.writeInt16BE(compression | (transactional ? 0x10 : 0), CHECKED_FROM);
  bytes.writeInt32BE(batch.lastOffsetDelta ?? 0, 23);
  bytes.writeBigInt64BE(BigInt(batch.firstTimestamp), 27);
  bytes.writeBigInt64BE(BigInt(batch.maxTimestamp), 35);
  bytes.writeBigInt64BE(BigInt(String(batch.producerId)), 43);
  bytes.writeInt16BE(batch.producerEpoch ?? 0, 51);
  bytes.writeInt32BE(batch.firstSequence ?? 0, 53);
  bytes.writeInt32BE(records.length, 57);
  compressed.copy(bytes, HEADER_BYTES);
  bytes.writeUInt32BE(crc32c(bytes.subarray(CHECKED_FROM)), 17);
  return bytes;
}
