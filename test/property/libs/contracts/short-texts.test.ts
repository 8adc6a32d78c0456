// The referee is the specification: a text's bytes in UTF-8, and before them their number.
import avsc from "avsc";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";

const textType = compileSchema('"string"');
const long = avsc.Type.forSchema("long");

const ascii = fc.string({ unit: "binary-ascii", maxLength: 80 });
const any = fc.string({ unit: "grapheme", maxLength: 80 });
/** Around the length from which its number takes two bytes. */
const around = fc.integer({ min: 62, max: 66 }).map((length) => "x".repeat(length));
const texts = fc.oneof(
  ascii,
  any,
  fc.tuple(around, any).map(([before, last]) => before + last),
);

const written = (text: string) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([long.toBuffer(bytes.length), bytes]);
};

it("writes any text as Avro has it", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(textType.toBuffer(text).equals(written(text))).toBe(true);
    }),
  );
});

it("writes nothing beyond its room, and says how much is missing", () => {
  fc.assert(
    fc.property(texts, fc.nat({ max: 90 }), (text, room) => {
      const wanted = written(text);
      const bytes = Buffer.alloc(room + 1, 0xff);
      const end = textType.encode(text, bytes.subarray(0, room));
      expect(bytes[room]).toBe(0xff);
      expect(end).toBe(wanted.length <= room ? wanted.length : room - wanted.length);
      const kept = end < 0 ? wanted : bytes.subarray(0, end);
      expect(kept.equals(wanted)).toBe(true);
    }),
  );
});

it("takes nothing else for a text", () => {
  expect(() => textType.toBuffer(5)).toThrow("invalid");
});
