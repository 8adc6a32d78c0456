import type { SmsEncoding } from "#libs/contracts/generated/types.ts";
import { SEGMENT_COUNT_MAX } from "#libs/contracts/limits.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";

/**
 * How many segments a text goes out in. Null on channels other than SMS, and for a text that cannot
 * be sent because the demanded GSM lacks characters of it.
 */
export function segmentCountOf(
  { text, encoding = "AUTO" }: { text: string; encoding?: SmsEncoding },
  channel: string,
): number | null {
  if (channel !== "sms") return null;
  const size = measureSms(text, encoding);
  return "unencodable" in size ? null : size.segmentCount;
}

/** Whether an SMS can have so many segments, whoever says so. */
export function isSegmentCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= SEGMENT_COUNT_MAX;
}
