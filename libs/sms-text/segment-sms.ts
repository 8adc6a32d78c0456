// How a text becomes SMS: which alphabet it is sent in and where it is cut. A segment carries 140
// octets; where there are several, six of each go to the header that joins them (3GPP TS 23.040,
// 9.2.3.24.1). Cuts are greedy, which no other cutting beats, and never go through a character.
import type { SmsEncoding } from "#libs/contracts/generated/types.ts";
import { findOutsideGsm, septetsOf } from "./gsm-alphabet.ts";

export type SmsAlphabet = "GSM" | "UCS2";
/** Some carriers take eight bits a character, and make of them what their network can. */
export type CarrierAlphabet = SmsAlphabet | "LATIN1";

/** GSM was demanded, and this is the first character of the text that it lacks. */
export type Unencodable = { unencodable: string };

type SegmentedSms = { alphabet: SmsAlphabet; unitCount: number; segments: string[] };

/** Units that fit into 140 or 134 octets: septets for GSM, UTF-16 units for UCS-2, octets for Latin-1. */
const LIMITS = {
  GSM: { single: 160, joined: 153 },
  UCS2: { single: 70, joined: 67 },
  LATIN1: { single: 140, joined: 134 },
} as const satisfies Record<CarrierAlphabet, unknown>;

/**
 * The segments of a text; joined they give the text. AUTO (and an encoding that we do not know)
 * takes GSM where every character allows it. An empty text is one empty segment.
 */
export function segmentSms(text: string, encoding: SmsEncoding): SegmentedSms | Unencodable {
  const outside = encoding === "UNICODE" ? undefined : findOutsideGsm(text);
  if (encoding === "GSM" && outside !== undefined) return { unencodable: outside };
  const alphabet = encoding === "UNICODE" || outside !== undefined ? "UCS2" : "GSM";
  return { alphabet, ...segmentsIn(text, alphabet) };
}

/** The segments of a text of which the alphabet has every character. */
export function segmentsIn(text: string, alphabet: CarrierAlphabet) {
  const { single, joined } = LIMITS[alphabet];
  const unitCount = unitCountOf(text, alphabet);
  const segments = unitCount <= single ? [text] : cut(text, alphabet, joined);
  return { unitCount, segments };
}

function unitCountOf(text: string, alphabet: CarrierAlphabet): number {
  if (alphabet !== "GSM") return text.length;
  let count = 0;
  for (const character of text) count += widthOf(character, alphabet);
  return count;
}

function cut(text: string, alphabet: CarrierAlphabet, unitCountMax: number): string[] {
  const segments: string[] = [];
  let start = 0;
  let end = 0;
  let unitCount = 0;
  for (const character of text) {
    const width = widthOf(character, alphabet);
    if (unitCount + width > unitCountMax) {
      segments.push(text.slice(start, end));
      start = end;
      unitCount = 0;
    }
    unitCount += width;
    end += character.length;
  }
  return [...segments, text.slice(start)];
}

/** A character is a code point: two UTF-16 units beyond the basic plane, two septets if escaped. */
function widthOf(character: string, alphabet: CarrierAlphabet): number {
  return alphabet === "GSM" ? (septetsOf(character)?.length ?? 0) : character.length;
}
