import type { Channel } from "#libs/contracts/topics.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";
import type { CarrierCall } from "./wire.ts";

/**
 * How many segments a call goes out in. Null on channels other than SMS, and for a text that cannot
 * be sent because the demanded GSM lacks characters of it.
 */
export function segmentCountOf(
  { text, encoding = "AUTO" }: Pick<CarrierCall, "text" | "encoding">,
  channel: Channel,
): number | null {
  if (channel !== "sms") return null;
  const size = measureSms(text, encoding);
  return "unencodable" in size ? null : size.segmentCount;
}
