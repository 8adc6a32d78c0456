import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFramer, type Framed } from "#libs/smpp/framer.ts";
import { emptyPdu, encodePdu } from "#libs/smpp/pdu.ts";
import { statuses } from "#libs/smpp/statuses.ts";

function pduOf(sequence: number, byteCount: number): Buffer {
  const tlvs = byteCount > 4 ? [{ tag: 0x1400, value: Buffer.alloc(byteCount - 4, 1) }] : [];
  return encodePdu({ ...emptyPdu({ command: "enquire_link", sequence }), tlvs });
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
  const sorted = places.toSorted((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

function readAll(chunks: readonly Buffer[]): Framed[] {
  const framer = createFramer();
  return chunks.flatMap((chunk) => framer.push(chunk));
}

describe("the framer", () => {
  it("finds the same PDUs however the stream is cut", () => {
    const streams = fc.tuple(
      fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 30 }),
    );
    fc.assert(
      fc.property(streams, ([sizes, cuts]) => {
        const pdus = sizes.map((size, index) => pduOf(index + 1, size));
        const framed = readAll(cutAt(Buffer.concat(pdus), cuts));
        expect(framed).toEqual(pdus.map((bytes) => ({ type: "pdu", bytes })));
      }),
    );
  });

  it("reads byte by byte, and says whether it is amid a PDU", () => {
    const framer = createFramer();
    const bytes = pduOf(1, 60_000);
    const framed = [...bytes.subarray(0, -1)].flatMap((byte) => framer.push(Buffer.of(byte)));
    expect(framed).toEqual([]);
    expect(framer.isAmid()).toBe(true);
    expect(framer.push(bytes.subarray(-1))).toEqual([{ type: "pdu", bytes }]);
    expect(framer.isAmid()).toBe(false);
  });

  it.each([0, 3, 15, 64 * 1024 + 1, 0x7fffffff, 0xffffffff])(
    "refuses a command_length of %i, and reads nothing after it",
    (length) => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(length);
      const [first, ...others] = readAll([pduOf(1, 9), head, pduOf(2, 9), pduOf(3, 9)]).slice(1);
      expect(first).toMatchObject({ type: "fault", status: statuses.ESME_RINVCMDLEN });
      expect(others).toEqual([]);
    },
  );

  it("takes any bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), (chunks) => {
        const framed = readAll(chunks.map((chunk) => Buffer.from(chunk)));
        expect(framed.filter(({ type }) => type === "fault").length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });
});
