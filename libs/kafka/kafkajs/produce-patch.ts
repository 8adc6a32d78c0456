// kafkajs 2.2.4 writes a record by way of a dozen buffers and numbers of its own, and sums a batch byte by byte in JavaScript:
// together a fifth of what a consumer's process did. This puts `writeRecord` and a checksum of the processor in their places.
import { crc32c } from "@node-rs/crc32";
import { replaceInternal } from "./kafkajs-internals.ts";
import { type WrittenRecord, writeRecord } from "./write-record.ts";

/** Repairs kafkajs in this process. */
export function patchProduce(): void {
  replaceInternal("protocol/recordBatch/crc32C", (bytes: Buffer) => crc32c(bytes));
  replaceInternal("protocol/recordBatch/record/v0", (record: WrittenRecord) => {
    const buffer = writeRecord(record);
    // What kafkajs asks of one of its encoders.
    return { buf: buffer, buffer };
  });
}
