// Whether what a request's steps would say by SMS may be said: the one rule of the consumers and of
// every dialect, which tell of a fault in their own words.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { stepContent } from "#libs/contracts/step-content.ts";
import type { Account } from "#libs/settings/account.ts";
import { contentSms, type SmsContent } from "#libs/sms-text/content-sms.ts";
import { measureSms, type SmsSize } from "#libs/sms-text/measure-sms.ts";

/** In either alphabet a text up to here is one segment: 70 units of UCS-2, 140 septets of GSM. */
const SINGLE_LENGTH = 70;

export type SmsFault =
  | { code: "no-sms-text" }
  /** The demanded GSM lacks the character. */
  | { code: "sms-text-not-gsm"; character: string }
  /** It needs more segments than the account allows. */
  | { code: "sms-text-too-long"; size: SmsSize };

/** The code of the first rule that an SMS step breaks; null where there is none. */
export function smsRefusalOf(
  request: Pick<SendRequest, "content" | "steps">,
  steps: readonly { channel: string }[],
  account: Account,
): string | null {
  for (const [index, { channel }] of steps.entries()) {
    if (channel !== "sms") continue;
    const fault = findSmsFault(stepContent(request, index), account);
    if (fault) return fault.code;
  }
  return null;
}

/** What an SMS of this content would break; null where it may be sent. */
export function findSmsFault(
  content: SmsContent,
  { smsSegmentsMax }: Pick<Account, "smsSegmentsMax">,
): SmsFault | null {
  const { text, encoding } = contentSms(content);
  if (!text) return { code: "no-sms-text" };
  // Most texts are short: they are let through without a look at their characters.
  if (text.length <= SINGLE_LENGTH && encoding !== "GSM") return null;
  const size = measureSms(text, encoding);
  if ("unencodable" in size) return { code: "sms-text-not-gsm", character: size.unencodable };
  return size.segmentCount > smsSegmentsMax ? { code: "sms-text-too-long", size } : null;
}
