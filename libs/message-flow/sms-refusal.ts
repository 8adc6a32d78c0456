// Whether what a request's steps would say by SMS may be said.
import type { Content, SendRequest } from "#libs/contracts/generated/types.ts";
import type { Account } from "#libs/settings/account.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";

/** In either alphabet a text up to here is one segment: 70 units of UCS-2, 140 septets of GSM. */
const SINGLE_LENGTH = 70;

/** The code of the first rule that an SMS step breaks; null where there is none. */
export function smsRefusalOf(
  request: Pick<SendRequest, "content" | "steps">,
  steps: readonly { channel: string }[],
  account: Account,
): string | null {
  for (const [index, { channel }] of steps.entries()) {
    if (channel !== "sms") continue;
    const refusal = contentRefusal(request.steps[index]?.content ?? request.content, account);
    if (refusal !== null) return refusal;
  }
  return null;
}

function contentRefusal({ text, fallbackText, sms }: Content, account: Account): string | null {
  const said = fallbackText ?? text;
  if (!said) return "no-sms-text";
  const encoding = sms?.encoding ?? "AUTO";
  // Most texts are short: they are let through without a look at their characters.
  if (said.length <= SINGLE_LENGTH && encoding !== "GSM") return null;
  const size = measureSms(said, encoding);
  if ("unencodable" in size) return "sms-text-not-gsm";
  return size.segmentCount > account.smsSegmentsMax ? "sms-text-too-long" : null;
}
