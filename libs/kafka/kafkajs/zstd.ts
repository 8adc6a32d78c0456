// kafkajs knows gzip only; zstd comes with Node.
import { zstdDecompressSync } from "node:zlib";
import { compressZstd } from "../compress-zstd.ts";
import { kafkajs } from "./repaired-kafkajs.ts";

/** Lets kafkajs in this process read and write zstd; `decompress.ts` reads what a consumer fetches. */
export function registerZstd(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => compressZstd(buffer),
    decompress: async (buffer: Buffer) => zstdDecompressSync(buffer),
  });
}
