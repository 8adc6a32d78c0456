// The judge's faults of a workflow as the members of its body that they are about.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { channelWords } from "#libs/dialects/channel-words.ts";
import type { InvalidParameter } from "#libs/dialects/vonage/api-error.ts";
import { type Fault, type FaultCode, stepIndexOf } from "#libs/judgement/fault.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";
import { senderMember, typeOf } from "../channels.ts";
import type { Item } from "./body.ts";

type Code = FaultCode | RequestWarning["code"];

/** Any other fault or warning is of what is said. */
const MEMBERS: Readonly<Partial<Record<Code, string>>> = {
  "no-recipient": "to.number",
  "no-address": "to.number",
  "bad-number": "to.number",
  "country-not-allowed": "to.number",
  "number-class-not-allowed": "to.number",
  "number-cap-reached": "to.number",
  "prefix-cap-reached": "to.number",
  "no-price": "to.type",
  "unknown-channel": "to.type",
  "sms-fallback-off": "to.type",
  "out-of-range": "message.viber_service_msg.ttl",
  "impossible-wait": "failover.expiry_time",
  "ttl-longer-than-wait": "failover.expiry_time",
};
const OF_SENDER: ReadonlySet<Code> = new Set([
  "unknown-sender",
  "sender-not-approved",
  "bad-sms-source",
]);

/** Of the account's day: no item has a value that would be allowed. */
const OF_WORKFLOW: ReadonlySet<Code> = new Set([
  "messages-cap-reached",
  "segments-cap-reached",
  "spend-cap-reached",
]);

type Judged = { items: readonly Item[]; request: Pick<SendRequest, "steps"> };

export function parametersOf(faults: readonly Fault[], judged: Judged): InvalidParameter[] {
  return faults.map((fault) => {
    return { name: parameterOf(fault, judged), reason: channelWords(fault, typeOf) };
  });
}

/** The member of the body that a fault or a warning of the judge's is about. */
export function parameterOf({ code, path }: { code: Code; path: string }, judged: Judged): string {
  if (OF_WORKFLOW.has(code)) return "workflow";
  // What is said of the message as a whole, the first item says.
  const index = stepIndexOf(path) ?? 0;
  return `workflow[${index}].${memberOf(code, index, judged)}`;
}

function memberOf(code: Code, index: number, { items, request }: Judged): string {
  if (OF_SENDER.has(code)) return `from.${senderMember(request.steps[index]?.channel ?? "")}`;
  return MEMBERS[code] ?? `message.content.${items[index]?.message.content.type ?? "type"}`;
}
