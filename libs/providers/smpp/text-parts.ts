// A text as one or several short messages: in which octets, said to be of which coding, and joined in
// one of the three ways that carriers take.
import type { SmsEncoding } from "#libs/contracts/generated/types.ts";
import { SEGMENT_COUNT_MAX } from "#libs/contracts/limits.ts";
import { PDU_BYTES_MAX } from "#libs/smpp/limits.ts";
import type { PduContent } from "#libs/smpp/pdu.ts";
import { tags } from "#libs/smpp/tlvs.ts";
import { encodeSms } from "#libs/sms-text/codec.ts";
import { packSeptets } from "#libs/sms-text/pack-septets.ts";
import { type CarrierAlphabet, segmentSms, segmentsIn } from "#libs/sms-text/segment-sms.ts";
import type { SmppOptions } from "./access.ts";

type TextOptions = Pick<SmppOptions, "alphabet" | "dataCoding" | "longText">;
export type Part = Required<Pick<PduContent, "numbers" | "message" | "tlvs">>;
export type Parts = { parts: Part[]; segmentCount: number };
/** Why there are none. */
export type NoParts = { code: string; text: string };

/** `short_message` begins with a header (SMPP 3.4, 5.2.12: UDHI). */
const ESM_CLASS_UDHI = 0x40;
const DATA_CODING = { gsm: 0x00, "gsm-packed": 0x00, latin1: 0x03 };
const DATA_CODING_UCS2 = 0x08;
/** Six octets of header are 48 bits, and septets begin at the next multiple of seven. */
const FILL_BIT_COUNT = 1;
const BEYOND_LATIN1 = /[^\p{ASCII}\u0080-\u00ff]/u;
/** Room for everything else of the PDU. */
const PAYLOAD_BYTES_MAX = PDU_BYTES_MAX - 8 * 1024;

/** `reference` joins the parts of one text: two texts to a phone at a time have different ones. */
export function textParts(
  { text, encoding, reference }: { text: string; encoding: SmsEncoding; reference: number },
  options: TextOptions,
): Parts | NoParts {
  const cut = cutText(text, encoding, options);
  if ("code" in cut) return cut;
  const { alphabet, segments } = cut;
  const segmentCount = segments.length;
  const data_coding = codingOf(alphabet, options);
  const octets = (segment: string, fill: number) => octetsOf(segment, { alphabet, fill, options });
  if (segmentCount === 1 || options.longText === "payload") {
    return wholeText({ message: octets(text, 0), segmentCount, data_coding });
  }
  if (segmentCount > SEGMENT_COUNT_MAX) return TOO_LONG;
  const parts = segments.map((segment, index): Part => {
    const place = { reference, segmentCount, number: index + 1 };
    if (options.longText === "sar") {
      return { numbers: { data_coding }, message: octets(segment, 0), tlvs: sarTlvs(place) };
    }
    const message = Buffer.concat([udh(place), octets(segment, FILL_BIT_COUNT)]);
    return { numbers: { data_coding, esm_class: ESM_CLASS_UDHI }, message, tlvs: [] };
  });
  return { parts, segmentCount };
}

const TOO_LONG: NoParts = { code: "text-too-long", text: "The text is longer than SMS can be." };

type Whole = { message: Buffer; segmentCount: number; data_coding: number };

/** What a short_message has no room for goes as message_payload, which the SMSC cuts. */
function wholeText({ message, segmentCount, data_coding }: Whole): Parts | NoParts {
  if (message.length > PAYLOAD_BYTES_MAX) return TOO_LONG;
  const numbers = { data_coding };
  const payload = { tag: tags.messagePayload, value: message };
  const part =
    segmentCount === 1
      ? { numbers, message, tlvs: [] }
      : { numbers, message: Buffer.alloc(0), tlvs: [payload] };
  return { parts: [part], segmentCount };
}

function cutText(text: string, encoding: SmsEncoding, { alphabet }: TextOptions) {
  if (alphabet === "latin1" && encoding !== "UNICODE") {
    const isLatin1 = !BEYOND_LATIN1.test(text);
    if (!isLatin1 && encoding === "GSM") return unencodable("Latin-1");
    const own: CarrierAlphabet = isLatin1 ? "LATIN1" : "UCS2";
    return { alphabet: own, segments: segmentsIn(text, own).segments };
  }
  const sms = segmentSms(text, encoding);
  return "unencodable" in sms ? unencodable("GSM 03.38") : sms;
}

function unencodable(alphabet: string): NoParts {
  return { code: "text-not-encodable", text: `The text has characters that ${alphabet} lacks.` };
}

function codingOf(used: CarrierAlphabet, { alphabet, dataCoding }: TextOptions): number {
  return used === "UCS2" ? DATA_CODING_UCS2 : (dataCoding ?? DATA_CODING[alphabet]);
}

type Octets = { alphabet: CarrierAlphabet; fill: number; options: TextOptions };

function octetsOf(segment: string, { alphabet, fill, options }: Octets): Buffer {
  if (alphabet === "LATIN1") return Buffer.from(segment, "latin1");
  const octets = encodeSms(segment, alphabet);
  const isPacked = alphabet === "GSM" && options.alphabet === "gsm-packed";
  return isPacked ? packSeptets(octets, fill) : octets;
}

type PartPlace = { reference: number; segmentCount: number; number: number };

/** 3GPP TS 23.040, 9.2.3.24.1: concatenated short messages, with a reference of eight bits. */
function udh({ reference, segmentCount, number }: PartPlace): Buffer {
  return Buffer.of(0x05, 0x00, 0x03, reference & 0xff, segmentCount, number);
}

function sarTlvs({ reference, segmentCount, number }: PartPlace): Part["tlvs"] {
  return [
    { tag: tags.sarMsgRefNum, value: Buffer.of((reference >> 8) & 0xff, reference & 0xff) },
    { tag: tags.sarTotalSegments, value: Buffer.of(segmentCount) },
    { tag: tags.sarSegmentSeqnum, value: Buffer.of(number) },
  ];
}
