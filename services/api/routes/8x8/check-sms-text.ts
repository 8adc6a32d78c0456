// Whether what a message would say by SMS may be said: in that alphabet, in that many segments.
import type { Content, StepInit } from "#libs/contracts/generated/types.ts";
import type { Account } from "#libs/settings/account.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";
import { Refusal } from "./refusal.ts";

type SmsContent = Pick<Content, "text" | "fallbackText" | "sms">;
type Sending = { steps: readonly StepInit[]; account: Account };

/**
 * Refuses with 3005 a message that a step is to send by SMS and that has no text for it, with 3017
 * what needs more segments than the account allows, and with 1003 a text that the demanded GSM
 * lacks characters of. `fallbackText` is always checked; `text` where a step sends it.
 */
export function checkSmsText({ text, fallbackText, sms }: SmsContent, sending: Sending): void {
  const isSent = hasSmsStep(sending);
  const said = fallbackText ?? (isSent ? text : null);
  if (said === null) {
    if (isSent) throw new Refusal(3005, "SMS is to be tried and needs content.fallbackText.");
    return;
  }
  const name = fallbackText === null ? "content.text" : "content.fallbackText";
  const size = measureSms(said, sms?.encoding ?? "AUTO");
  if ("unencodable" in size) {
    const character = JSON.stringify(size.unencodable);
    throw new Refusal(1003, `${name} has ${character}, which GSM lacks; use AUTO or UNICODE.`);
  }
  const { alphabet, unitCount, segmentCount } = size;
  const { smsSegmentsMax } = sending.account;
  if (segmentCount <= smsSegmentsMax) return;
  const counted = `${unitCount} ${alphabet === "GSM" ? "GSM" : "Unicode"} characters`;
  const allowed = `this sub-account allows ${smsSegmentsMax}`;
  throw new Refusal(3017, `${name} is ${segmentCount} SMS (${counted}), ${allowed}.`);
}

function hasSmsStep({ steps, account }: Sending): boolean {
  const planned = steps.length === 0 ? account.defaultFlow : steps;
  return planned.some(({ channel }) => channel === "sms");
}
