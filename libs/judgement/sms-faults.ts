// Whether what a request's steps would say by SMS may be said.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { Account } from "#libs/settings/account.ts";
import { contentSms, type SmsContent } from "#libs/sms-text/content-sms.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";
import { isBlank } from "./blank-text.ts";
import { type Fault, fault } from "./fault.ts";
import { saidByStep } from "./said-contents.ts";

/** In either alphabet a text up to here is one segment: 70 units of UCS-2, 140 septets of GSM. */
const SINGLE_LENGTH = 70;

/** Faults of all that goes by SMS; a content that several steps send is measured once. */
export function smsFaults(
  request: Pick<SendRequest, "content" | "steps">,
  steps: readonly { channel: string }[],
  account: Account,
): Fault[] {
  const said = [...steps.entries()]
    .filter(([, { channel }]) => channel === "sms")
    .map(([index]) => saidByStep(request, index));
  const once = new Map(said.map(({ content, path }) => [path, content]));
  return [...once].flatMap(([path, content]) => smsContentFaults(content, path, account));
}

/** Faults of one content that is to go by SMS. */
export function smsContentFaults(
  content: SmsContent,
  path: string,
  { smsSegmentsMax }: Pick<Account, "smsSegmentsMax">,
): Fault[] {
  const { text, encoding, member } = contentSms(content);
  if (text === null || isBlank(text)) {
    const words = "is missing: the SMS has nothing to say";
    return [fault("sms-without-text", `${path}/fallbackText`, words)];
  }
  // Most texts are short: they are let through without a look at their characters.
  if (text.length <= SINGLE_LENGTH && encoding !== "GSM") return [];
  const size = measureSms(text, encoding);
  if ("unencodable" in size) {
    const words = `has ${JSON.stringify(size.unencodable)}, which GSM lacks: use AUTO or UNICODE`;
    return [fault("sms-not-gsm", `${path}/${member}`, words)];
  }
  const { segmentCount, unitCount, alphabet } = size;
  if (segmentCount <= smsSegmentsMax) return [];
  const counted = `${unitCount} ${alphabet === "GSM" ? "GSM" : "Unicode"} characters`;
  const words = `is ${segmentCount} SMS (${counted}), the account allows ${smsSegmentsMax}: shorten it`;
  return [fault("sms-too-long", `${path}/${member}`, words)];
}
