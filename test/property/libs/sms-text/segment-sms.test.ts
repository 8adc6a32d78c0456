import * as fc from "fast-check";
import { assert, expect, it } from "vitest";
import { decodeSms, encodeSms } from "#libs/sms-text/codec.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";
import { type SmsAlphabet, segmentSms } from "#libs/sms-text/segment-sms.ts";

const RUNS = { numRuns: 500 };
/** Mostly what may straddle a cut: characters of two units among those of one. */
const characters = fc.oneof(
  fc.constantFrom("a", "€", "[", "\n", "Ç"),
  fc.constantFrom("a", "я", "😀", "ç", "\ud83d"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
/** By default fast-check keeps arrays too short to need a second segment. */
const LONG = { maxLength: 500, size: "max" } as const;
const gsmText = fc.array(fc.constantFrom("a", "b", "€", "[", "\f", "\n"), LONG);
const anyText = fc.array(characters, LONG);
const texts = fc.oneof(gsmText, anyText).map((parts) => parts.join(""));
const encodings = fc.constantFrom("AUTO", "UNICODE");

function segmented(text: string, encoding: "AUTO" | "UNICODE") {
  const sms = segmentSms(text, encoding);
  assert("segments" in sms, "only a forced GSM can fail");
  return sms;
}

/** Octets of user data: septets are packed, eight in seven octets; the joining header takes six. */
function octetCount(segment: string, alphabet: SmsAlphabet, segmentCount: number): number {
  const { length } = encodeSms(segment, alphabet);
  const headerBits = segmentCount === 1 ? 0 : alphabet === "GSM" ? 49 : 48;
  return Math.ceil((headerBits + length * (alphabet === "GSM" ? 7 : 8)) / 8);
}

it("gives the text back when its segments are joined", () => {
  fc.assert(
    fc.property(texts, encodings, (text, encoding) => {
      expect(segmented(text, encoding).segments.join("")).toBe(text);
    }),
    RUNS,
  );
});

it("never puts more than 140 octets into a segment, nor an empty one among several", () => {
  fc.assert(
    fc.property(texts, encodings, (text, encoding) => {
      const { alphabet, segments } = segmented(text, encoding);
      for (const segment of segments) {
        expect(octetCount(segment, alphabet, segments.length)).toBeLessThanOrEqual(140);
        expect(segments.length === 1 || segment !== "").toBe(true);
      }
    }),
    RUNS,
  );
});

it("never cuts through a character: each segment decodes to what it says", () => {
  fc.assert(
    fc.property(texts, encodings, (text, encoding) => {
      const { alphabet, segments } = segmented(text, encoding);
      for (const segment of segments) {
        expect(decodeSms(encodeSms(segment, alphabet), alphabet)).toBe(segment);
      }
      const count = segments.reduce((sum, segment) => sum + Array.from(segment).length, 0);
      expect(count).toBe(Array.from(text).length);
    }),
    RUNS,
  );
});

it("needs as few segments as any cutting between characters would", () => {
  fc.assert(
    fc.property(texts, encodings, (text, encoding) => {
      const { alphabet, segments } = segmented(text, encoding);
      expect(segments.length).toBe(fewest(text, alphabet));
    }),
    { numRuns: 200 },
  );
});

/** By dynamic programming over every place where a segment may end. */
function fewest(text: string, alphabet: SmsAlphabet): number {
  const isGsm = alphabet === "GSM";
  const widths = Array.from(text).map((sign) => encodeSms(sign, alphabet).length / (isGsm ? 1 : 2));
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= (isGsm ? 160 : 70)) return 1;
  const counts = [0];
  for (let end = 1; end <= widths.length; end++) {
    let best = Infinity;
    let room = isGsm ? 153 : 67;
    for (let start = end - 1; start >= 0; start--) {
      room -= widths[start] ?? 0;
      if (room < 0) break;
      best = Math.min(best, (counts[start] ?? Infinity) + 1);
    }
    counts.push(best);
  }
  return counts.at(-1) ?? 0;
}

it("measures what it segments, and calls only a forced GSM unencodable", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { alphabet, unitCount, segments } = segmented(text, "AUTO");
      const size = { alphabet, unitCount, segmentCount: segments.length };
      expect(measureSms(text, "AUTO")).toEqual(size);
      const forced = measureSms(text, "GSM");
      expect("unencodable" in forced).toBe(alphabet === "UCS2");
    }),
    RUNS,
  );
});
