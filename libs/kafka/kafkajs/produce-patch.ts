// kafkajs 2.2.4 writes a record by way of a dozen buffers and numbers of its own, sums a batch byte by byte in JavaScript, copies
// it three times within buffers that it fills with zeros first, and copies a partition's records once for each of them: together
// a third of what a consumer's process did. This puts `writeRecord`, `writeBatch` and a checksum of the processor in their places.
import { crc32c } from "@node-rs/crc32";
import { MAGIC } from "../batch-header.ts";
import { replaceInternal, requireInternal } from "./kafkajs-internals.ts";
import { type WrittenBatch, writeBatch } from "./write-batch.ts";
import { type WrittenRecord, writeRecord } from "./write-record.ts";

/** Repairs kafkajs in this process. */
export function patchProduce(): void {
  replaceInternal("protocol/recordBatch/crc32C", (bytes: Buffer) => crc32c(bytes));
  replaceInternal("protocol/recordBatch/record/v0", (record: WrittenRecord) =>
    asEncoder(writeRecord(record)),
  );
  replaceInternal("protocol/recordBatch/v0", {
    RecordBatch: async (batch: WrittenBatch) => asEncoder(await writeBatch(batch)),
    MAGIC_BYTE: MAGIC,
  });
  Object.assign(requireInternal("protocol/encoder").prototype, { ensureAvailable });
}

/** What kafkajs asks of one of its encoders. */
function asEncoder(buffer: Buffer) {
  return { buf: buffer, buffer, size: () => buffer.length };
}

type Encoder = { buf: Buffer; offset: number };

/** Room for so many bytes more. What is in it counts for nothing: only what was written is ever read. */
function ensureAvailable(this: Encoder, length: number): void {
  const needed = this.offset + length;
  if (needed <= this.buf.length) return;
  const larger = Buffer.allocUnsafe(2 * needed);
  this.buf.copy(larger, 0, 0, this.offset);
  this.buf = larger;
}
