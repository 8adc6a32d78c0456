import type { SmsEncoding } from "#libs/contracts/generated/types.ts";
import { type SmsAlphabet, segmentSms, type Unencodable } from "./segment-sms.ts";

/** `unitCount` is in septets for GSM, in UTF-16 units for UCS-2; both say what a carrier bills. */
export type SmsSize = { alphabet: SmsAlphabet; unitCount: number; segmentCount: number };

/**
 * How much SMS a text is: what fits 160 septets or 70 UTF-16 units is one segment, else each
 * carries 153 or 67. `unencodable` where GSM is demanded of a text that it cannot say: never thrown,
 * because what that means is the caller's to decide.
 */
export function measureSms(text: string, encoding: SmsEncoding): SmsSize | Unencodable {
  const sms = segmentSms(text, encoding);
  if ("unencodable" in sms) return sms;
  const { alphabet, unitCount, segments } = sms;
  return { alphabet, unitCount, segmentCount: segments.length };
}
