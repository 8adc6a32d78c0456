// What Google's events say of a message. Messages of users, typing and subscriptions come the same
// way, are none of ours, and no fault.
import { type Static, Type } from "typebox";
import type { ReportStatus, StatusReport } from "#libs/contracts/generated/types.ts";
import { isObject } from "#libs/json/json-object.ts";
import { parseReceiptJson } from "#libs/json/parse-json.ts";
import { blankReport } from "../blank-report.ts";
import type { ParsedReceipts } from "../provider.ts";
import { readEach } from "../read-each.ts";
import { dataOf } from "./posted.ts";

/** An expiry whose revocation failed says nothing: the message may still arrive. */
const STATUS_OF_EVENT: ReadonlyMap<unknown, ReportStatus> = new Map([
  ["DELIVERED", "DELIVERED"],
  ["READ", "READ"],
  ["TTL_EXPIRATION_REVOKED", "EXPIRED"],
  ["TTL_EXPIRATION_REVOKE_FAILED", "UNKNOWN"],
]);

const Event = Type.Object({
  eventType: Type.String(),
  messageId: Type.String({ minLength: 1 }),
  sendTime: Type.Optional(Type.Unknown()),
});
type Event = Static<typeof Event>;
type Posted = { provider: string; receivedAt: number };

/** Never rejects. */
export async function parseRbmReceipts(body: Buffer, posted: Posted): Promise<ParsedReceipts> {
  const event = parseReceiptJson(dataOf(body)?.toString() ?? "");
  if (!isObject(event)) return { reports: [], oddCount: 1, oddities: ["It has no event in it."] };
  const events = STATUS_OF_EVENT.has(event["eventType"]) ? [event] : [];
  return readEach(events, Event, (each) => reportOf(each, posted));
}

function reportOf(
  { eventType, messageId, sendTime }: Event,
  { provider, receivedAt }: Posted,
): StatusReport {
  const status = STATUS_OF_EVENT.get(eventType) ?? "UNKNOWN";
  const sentAt = typeof sendTime === "string" ? Date.parse(sendTime) : Number.NaN;
  return {
    ...blankReport({ provider, providerMessageId: messageId, channel: "rcs", receivedAt }),
    reportId: `${provider}:${messageId}:${eventType}`,
    status,
    errorText: status === "UNKNOWN" ? eventType : null,
    occurredAt: Number.isNaN(sentAt) ? receivedAt : sentAt,
  };
}
