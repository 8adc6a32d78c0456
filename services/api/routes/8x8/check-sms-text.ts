// Whether what a message would say by SMS may be said: in that alphabet, in that many segments.
import type { StepInit } from "#libs/contracts/generated/types.ts";
import { findSmsFault } from "#libs/message-flow/sms-fault.ts";
import type { Account } from "#libs/settings/account.ts";
import { contentSms, type SmsContent } from "#libs/sms-text/content-sms.ts";
import { Refusal } from "./refusal.ts";

type Sending = { steps: readonly StepInit[]; account: Account };

/**
 * Refuses with 3005 a message that a step is to send by SMS and that has no text for it, with 3017
 * what needs more segments than the account allows, and with 1003 a text that the demanded GSM
 * lacks characters of. `fallbackText` is always checked; `text` where a step sends it.
 */
export function checkSmsText(content: SmsContent, sending: Sending): void {
  const isSent = hasSmsStep(sending);
  if (!isSent && content.fallbackText === null) return;
  const fault = findSmsFault(content, sending.account);
  if (!fault) return;
  const name = `content.${contentSms(content).member}`;
  switch (fault.code) {
    case "no-sms-text":
      throw new Refusal(3005, "SMS is to be tried and needs content.fallbackText.");
    case "sms-text-not-gsm": {
      const character = JSON.stringify(fault.character);
      throw new Refusal(1003, `${name} has ${character}, which GSM lacks; use AUTO or UNICODE.`);
    }
    case "sms-text-too-long": {
      const { alphabet, unitCount, segmentCount } = fault.size;
      const counted = `${unitCount} ${alphabet === "GSM" ? "GSM" : "Unicode"} characters`;
      const allowed = `this sub-account allows ${sending.account.smsSegmentsMax}`;
      throw new Refusal(3017, `${name} is ${segmentCount} SMS (${counted}), ${allowed}.`);
    }
  }
}

function hasSmsStep({ steps, account }: Sending): boolean {
  const planned = steps.length === 0 ? account.defaultFlow : steps;
  return planned.some(({ channel }) => channel === "sms");
}
