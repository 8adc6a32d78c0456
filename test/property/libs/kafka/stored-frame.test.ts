// Small batches as they are stored: frames that every reader of zstd reads.
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { compressZstd } from "#libs/kafka/compress-zstd.ts";
import { decompress } from "#libs/kafka/decompress.ts";
import { storedContent, storedFrame } from "#libs/kafka/stored-frame.ts";

const ZSTD = 4;
const BYTES_MAX = 1_000_000;
const bytes = fc.uint8Array({ maxLength: 700 }).map((array) => Buffer.from(array));
/** Around each change of a frame's form. */
const lengths = [0, 1, 255, 256, 257, 2_047, 2_048, 4_096, 65_535, 65_536, 65_791];

it("are read by zstd, and by us without it", () => {
  fc.assert(
    fc.property(bytes, (content) => {
      expect(zstdDecompressSync(storedFrame(content))).toEqual(content);
      expect(storedContent(storedFrame(content))).toEqual(content);
    }),
  );
});

it.each(lengths)("are so of %i bytes, which become what they were", async (length) => {
  const content = Buffer.alloc(length, "a number of words, ");
  expect(zstdDecompressSync(storedFrame(content))).toEqual(content);
  const written = compressZstd(content);
  expect(zstdDecompressSync(written)).toEqual(content);
  expect(await decompress(written, ZSTD, BYTES_MAX)).toEqual(content);
});

it("are refused beyond what a frame of their form can say", () => {
  expect(() => storedFrame(Buffer.alloc(65_792))).toThrow(RangeError);
});

it("are told from what is compressed, cut or damaged, which goes zstd's way", async () => {
  fc.assert(
    fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, at, change) => {
      expect(storedContent(zstdCompressSync(content)) ?? content).toEqual(content);
      const frame = storedFrame(content);
      expect(storedContent(frame.subarray(0, at % frame.length))).toBeUndefined();
      expect(storedContent(Buffer.concat([frame, Buffer.of(change)]))).toBeUndefined();
      const begin = frame.length - content.length;
      frame[at % begin] = (frame[at % begin] ?? 0) ^ change;
      expect(storedContent(frame)).toBeUndefined();
    }),
  );
  const cut = storedFrame(Buffer.from("words")).subarray(0, -1);
  await expect(decompress(cut, ZSTD, BYTES_MAX)).rejects.toThrow("it is no zstd");
});
