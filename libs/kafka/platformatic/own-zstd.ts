// @platformatic/kafka compresses by zstd's default level, 3, and has no option for another.
import { compressionsAlgorithms } from "@platformatic/kafka";
import { compressZstd } from "../compress-zstd.ts";

/** Lets it compress as kafkajs does here, in this process. */
export function useOwnZstd(): void {
  Object.assign(compressionsAlgorithms.zstd, {
    compressSync: (bytes: Buffer | { buffer: Buffer }) =>
      compressZstd(Buffer.isBuffer(bytes) ? bytes : bytes.buffer),
  });
}
