// Which member of a message of Vonage's a fault is about, and of which number of Vonage's it is.
import type { FaultCode } from "#libs/judgement/fault.ts";
import { type MemberKind, memberNumbers } from "./api-error.ts";
import type { ErrorNumber } from "./error-list.ts";

type Member = { kind: MemberKind; member?: string };

const MEMBERS: Readonly<Partial<Record<FaultCode, Member>>> = {
  "no-recipient": { kind: "recipient", member: "to" },
  "no-address": { kind: "recipient", member: "to" },
  "bad-number": { kind: "recipient", member: "to" },
  "country-not-allowed": { kind: "destination", member: "to" },
  "number-class-not-allowed": { kind: "destination", member: "to" },
  "no-price": { kind: "channel", member: "channel" },
  "messages-cap-reached": { kind: "facility" },
  "segments-cap-reached": { kind: "facility" },
  "spend-cap-reached": { kind: "facility" },
  "number-cap-reached": { kind: "too-many", member: "to" },
  "prefix-cap-reached": { kind: "too-many", member: "to" },
  "sender-not-approved": { kind: "sender", member: "from" },
  "unknown-sender": { kind: "sender", member: "from" },
  "bad-sms-source": { kind: "sender", member: "from" },
  "unknown-channel": { kind: "channel", member: "channel" },
  "sms-fallback-off": { kind: "channel", member: "channel" },
  "unknown-template": { kind: "template", member: "template" },
  "bad-template-parameter": { kind: "template", member: "template" },
  "impossible-wait": { kind: "ttl", member: "ttl" },
  "bad-callback-url": { kind: "params", member: "webhook_url" },
  "out-of-range": { kind: "ttl", member: "ttl" },
  "ttl-longer-than-wait": { kind: "ttl", member: "ttl" },
};

/** Any other fault is of what the message says. */
export function memberOfFault(code: string | null): Member {
  const found = Object.entries(MEMBERS).find(([known]) => known === code);
  return found?.[1] ?? { kind: "params" };
}

/** The number for a message that never started because of the fault. */
export function numberOfFault(code: string | null): ErrorNumber {
  return memberNumbers[memberOfFault(code).kind];
}
