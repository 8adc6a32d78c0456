// What a batch's content becomes, within a limit: a kilobyte can be made to become gigabytes.
import { promisify } from "node:util";
import { unzip, zstdDecompressSync } from "node:zlib";
import { storedContent } from "./stored-frame.ts";

const unzipLater = promisify(unzip);
/** What a large batch becomes comes in pieces of this: by Node's own 16 KiB each takes twice as long. */
const PIECE_BYTES_MAX = 64 * 1024;
/** As much as a small batch mostly becomes, so that it is one piece: one that is larger than that costs collections. */
const GROWTH = 4;
/** Node refuses a smaller one. */
const PIECE_BYTES_MIN = 64;
/** By their numbers in a batch's attributes. */
const kinds = ["none", "gzip", "snappy", "lz4", "zstd"];

/**
 * The content as it was before compression of that number, at most `byteCountMax` bytes of it. Throws
 * an Error that says why not: it would become more, is no such data, or nobody here can undo it.
 */
export async function decompress(
  content: Buffer,
  compression: number,
  byteCountMax: number,
): Promise<Buffer> {
  const kind = kinds[compression] ?? `compression ${compression}`;
  const limit = { maxOutputLength: byteCountMax, chunkSize: pieceFor(content) };
  try {
    if (kind === "none") return content;
    if (kind === "gzip") return await unzipLater(content, limit);
    // Not in the thread pool: a partition's batch takes 0.2 ms, less than the way there and back.
    if (kind === "zstd") return storedContent(content) ?? zstdDecompressSync(content, limit);
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    const why = isTooLarge ? `it becomes more than ${byteCountMax} bytes` : `it is no ${kind}`;
    throw new Error(why, { cause: error });
  }
  throw new Error(`it is compressed with ${kind}, which is not read here; zstd and gzip are`);
}

function pieceFor({ length }: Buffer): number {
  return Math.min(PIECE_BYTES_MAX, Math.max(PIECE_BYTES_MIN, GROWTH * length));
}
