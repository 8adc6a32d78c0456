// The judge's faults of a workflow as the members of its body that they are about.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { InvalidParameter } from "#libs/dialects/vonage/api-error.ts";
import type { Fault, FaultCode } from "#libs/judgement/fault.ts";
import { senderMember } from "../channels.ts";
import type { Item } from "./body.ts";

/** Any other fault is of what is said. */
const MEMBERS: Readonly<Partial<Record<FaultCode, string>>> = {
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
};
const OF_SENDER: ReadonlySet<FaultCode> = new Set([
  "unknown-sender",
  "sender-not-approved",
  "bad-sms-source",
]);

/** Of the account's day: no item has a value that would be allowed. */
const OF_WORKFLOW: ReadonlySet<FaultCode> = new Set([
  "messages-cap-reached",
  "segments-cap-reached",
  "spend-cap-reached",
]);

type Judged = { items: readonly Item[]; request: Pick<SendRequest, "steps"> };

export function parametersOf(faults: readonly Fault[], judged: Judged): InvalidParameter[] {
  return faults.map((fault) => {
    if (OF_WORKFLOW.has(fault.code)) return { name: "workflow", reason: fault.words };
    // What is said of the message as a whole, the first item says.
    const index = fault.stepIndex ?? 0;
    return { name: `workflow[${index}].${memberOf(fault, index, judged)}`, reason: fault.words };
  });
}

function memberOf({ code }: Fault, index: number, { items, request }: Judged): string {
  if (OF_SENDER.has(code)) return `from.${senderMember(request.steps[index]?.channel ?? "")}`;
  return MEMBERS[code] ?? `message.content.${items[index]?.message.content.type ?? "type"}`;
}
