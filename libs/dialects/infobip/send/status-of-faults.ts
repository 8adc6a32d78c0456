// The judge's faults of one message as the status that Infobip rejects it with.
import { channelWords } from "#libs/dialects/channel-words.ts";
import { channelNameOf } from "#libs/dialects/infobip/channel-names.ts";
import { memberPath } from "#libs/dialects/infobip/member-path.ts";
import { type Status, statuses } from "#libs/dialects/infobip/statuses.ts";
import type { Fault, FaultCode } from "#libs/judgement/fault.ts";

/** Any other fault is of the request as such. */
const STATUSES: Readonly<Partial<Record<FaultCode, Status>>> = {
  "no-recipient": statuses.missingTo,
  "no-address": statuses.missingTo,
  "bad-number": statuses.destination,
  "unknown-sender": statuses.sender,
  "country-not-allowed": statuses.network,
  "number-class-not-allowed": statuses.network,
  "sender-not-approved": statuses.source,
  "no-price": statuses.route,
  "messages-cap-reached": statuses.credits,
  "segments-cap-reached": statuses.credits,
  "spend-cap-reached": statuses.credits,
  "number-cap-reached": statuses.flooding,
  "prefix-cap-reached": statuses.flooding,
  "unknown-channel": statuses.route,
  "sms-fallback-off": statuses.route,
  "too-long": statuses.tooLong,
  "sms-too-long": statuses.tooLong,
};

/** Undefined for a message without faults. `action` tells them all. */
export function statusOfFaults(faults: readonly Fault[]): Status | undefined {
  const [first] = faults;
  if (!first) return undefined;
  const action = faults.map(sentenceOf).join(" ");
  return { ...(STATUSES[first.code] ?? statuses.invalid), action };
}

function sentenceOf(fault: Fault): string {
  return `${memberPath(fault.path)} ${channelWords(fault, channelNameOf)}.`;
}
