// What Vonage posts of one message: the `message-status` webhook of Messages v1.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { ReportStatus, StatusReport } from "#libs/contracts/generated/types.ts";
import { ERROR_TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { cutText } from "#libs/cut-text.ts";
import { isObject, memberOf } from "#libs/json/json-object.ts";
import { parseReceiptJsonInTurns } from "#libs/json/parse-json-in-turns.ts";
import { parseInstant } from "#libs/judgement/parse-instant.ts";
import { blankReport } from "../blank-report.ts";
import { chargeOf } from "../charge.ts";
import type { ParsedReceipts } from "../provider.ts";
import { readEach } from "../read-each.ts";
import { classOfVonageCode, numberOfError, TTL_OVER } from "./codes.ts";

const STATUS_OF_WORD: ReadonlyMap<string, ReportStatus> = new Map([
  ["submitted", "SENT"],
  ["delivered", "DELIVERED"],
  ["read", "READ"],
  ["rejected", "REJECTED"],
  ["undeliverable", "UNDELIVERED"],
]);
const CHANNEL_OF_WORD: ReadonlyMap<unknown, string> = new Map([
  ["sms", "sms"],
  ["whatsapp", "whatsapp"],
  ["viber_service", "viber"],
  ["rcs", "rcs"],
]);

/** What explains a status, or prices it, makes it no less heard where it is odd. */
const Status = Type.Object({
  message_uuid: Type.String({ minLength: 1 }),
  status: Type.String({ minLength: 1 }),
  timestamp: Type.Optional(Type.Unknown()),
  channel: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.Unknown()),
  usage: Type.Optional(Type.Unknown()),
  destination: Type.Optional(Type.Unknown()),
  sms: Type.Optional(Type.Unknown()),
});
type Status = Static<typeof Status>;
const Counted = Type.Object({ count_total: Type.String({ pattern: "^\\d{1,3}$" }) });

type Posted = { provider: string; receivedAt: number };

/** Never rejects: what is no status is counted as odd. */
export async function parseVonageReceipt(body: Buffer, posted: Posted): Promise<ParsedReceipts> {
  return readEach([await parseReceiptJsonInTurns(body.toString())], Status, (status) =>
    reportOf(status, posted),
  );
}

function reportOf(status: Status, { provider, receivedAt }: Posted): StatusReport {
  const { message_uuid: id, status: word, timestamp, sms } = status;
  const instant = typeof timestamp === "string" ? parseInstant(timestamp) : Number.NaN;
  const channel = CHANNEL_OF_WORD.get(status.channel) ?? "sms";
  return {
    ...blankReport({ provider, providerMessageId: id, channel, receivedAt }),
    reportId: `${provider}:${id}:${word.toLowerCase()}`,
    ...wordAndFault(word, status.error),
    segmentCount: Value.Check(Counted, sms) ? Number(sms.count_total) || null : null,
    // The price is of the whole message.
    charge: chargeOf({
      price: memberOf(status.usage, "price"),
      currency: memberOf(status.usage, "currency"),
      network: memberOf(status.destination, "network_code"),
    }),
    occurredAt: Number.isNaN(instant) ? receivedAt : instant,
  };
}

/** An error of a message that is under way explains nothing. */
function wordAndFault(word: string, error: unknown) {
  const status = STATUS_OF_WORD.get(word.toLowerCase()) ?? "UNKNOWN";
  const none = { status, errorCode: null, errorClass: null, errorText: null };
  if (!isObject(error) || (status !== "REJECTED" && status !== "UNDELIVERED")) return none;
  const [type, title, detail] = ["type", "title", "detail"].map((name) => wordOf(error[name]));
  const errorCode = numberOfError({ type, title });
  const words = detail ?? title ?? "";
  return {
    status: errorCode === String(TTL_OVER) ? ("EXPIRED" as const) : status,
    errorCode,
    errorClass: errorCode === null ? null : classOfVonageCode(errorCode),
    errorText: cutText(words, ERROR_TEXT_LENGTH_MAX),
  };
}

/** Numbers stand there as texts and as such; one odd member costs no other. */
function wordOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
