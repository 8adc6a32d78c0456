// What Infobip posts of messages: `results`, each of one message. That somebody has seen one comes in posts
// of their own, in the same shape.
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
import { ErrorWord, faultOf, Status } from "./codes.ts";
import { expiryErrors } from "./error-codes.ts";
import { channelOf } from "./message-id.ts";
import { DELIVERED_TO_OPERATOR, DELIVERY_UNKNOWN, DUPLICATE_ID } from "./status-codes.ts";

const Id = Type.String({ minLength: 1 });
const Report = Type.Object({
  messageId: Id,
  status: Status,
  /** Explains a failure; nothing that is odd about it makes the failure unheard. */
  error: Type.Optional(Type.Unknown()),
  doneAt: Type.Optional(Type.Unknown()),
  messageCount: Type.Optional(Type.Unknown()),
  price: Type.Optional(Type.Unknown()),
  mccMnc: Type.Optional(Type.Unknown()),
});
/** That there is a time is what it says; which one it is only explains it. */
const Seen = Type.Object({
  messageId: Id,
  seenAt: Type.Refine(Type.Unknown(), (seenAt) => seenAt !== null && seenAt !== undefined),
});
const Result = Type.Union([Seen, Report]);
type Report = Static<typeof Report>;
type Seen = Static<typeof Seen>;

const STATUS_OF_GROUP: ReadonlyMap<number, ReportStatus> = new Map([
  [0, "ACCEPTED"],
  [1, "ACCEPTED"],
  [2, "UNDELIVERED"],
  [3, "DELIVERED"],
  [4, "EXPIRED"],
  [5, "REJECTED"],
]);
/** Infobip's numbers of fraud checks stand in the group of those that are expired. */
const BLOCKED_AS_FRAUD = 87;

type Posted = { provider: string; receivedAt: number };

/** Never rejects: what is no report is counted as odd, and the others are read. */
export async function parseInfobipReceipts(body: Buffer, posted: Posted): Promise<ParsedReceipts> {
  const parsed = await parseReceiptJsonInTurns(body.toString());
  const results = isObject(parsed) ? parsed["results"] : undefined;
  if (!Array.isArray(results)) {
    return { reports: [], oddCount: 1, oddities: ["It is no object with results."] };
  }
  return readEach(results, Result, (result) => reportOf(result, posted));
}

function reportOf(result: Report | Seen, posted: Posted): StatusReport {
  return Value.Check(Seen, result) ? seenReport(result, posted) : statusReport(result, posted);
}

function seenReport({ messageId, seenAt }: Seen, posted: Posted): StatusReport {
  return {
    ...blankOf(messageId, posted),
    reportId: `${posted.provider}:${messageId}:seen`,
    status: "READ",
    occurredAt: instantOf(seenAt, posted),
  };
}

function statusReport(report: Report, posted: Posted): StatusReport {
  const { messageId, status, doneAt, messageCount, price } = report;
  const error = Value.Check(ErrorWord, report.error) ? report.error : undefined;
  const word = statusOf(status, error);
  const blank = blankOf(messageId, posted);
  const isCounted = blank.channel === "sms" && Number.isInteger(messageCount);
  return {
    ...blank,
    reportId: `${posted.provider}:${messageId}:${status.groupId}.${status.id}`,
    status: word,
    ...(isFault(status.groupId) && faultMembers(status, error)),
    segmentCount: isCounted ? Number(messageCount) || null : null,
    // Infobip's price is of one message: a long SMS is several.
    charge: chargeOf({
      price: memberOf(price, "pricePerMessage"),
      unitCount: messageCount,
      currency: memberOf(price, "currency"),
      network: report.mccMnc,
    }),
    occurredAt: instantOf(doneAt, posted),
  };
}

function blankOf(messageId: string, posted: Posted) {
  return blankReport({ ...posted, providerMessageId: messageId, channel: channelOf(messageId) });
}

/** That an operator has it is not that a person has; and of what a report does not know, nothing follows. */
function statusOf({ groupId, id }: Static<typeof Status>, error?: { id: number }): ReportStatus {
  if (id === DELIVERED_TO_OPERATOR && groupId === 3) return "SENT";
  if (id === DELIVERY_UNKNOWN && groupId === 4) return "UNKNOWN";
  if (id === BLOCKED_AS_FRAUD && groupId === 4) return "REJECTED";
  // The call that was the repeat is over; the message is not.
  if (id === DUPLICATE_ID && groupId === 5) return "UNKNOWN";
  const word = STATUS_OF_GROUP.get(groupId) ?? "UNKNOWN";
  return error && isFault(groupId) && expiryErrors.has(error.id) ? "EXPIRED" : word;
}

function isFault(groupId: number): boolean {
  return groupId === 2 || groupId === 4 || groupId === 5;
}

function faultMembers(status: Static<typeof Status>, error?: Static<typeof ErrorWord>) {
  const { errorText, ...fault } = faultOf(status, error);
  return { ...fault, errorText: cutText(errorText, ERROR_TEXT_LENGTH_MAX) };
}

/** One that cannot be read counts as just now. */
function instantOf(text: unknown, { receivedAt }: Posted): number {
  const instant = typeof text === "string" ? parseInstant(text) : Number.NaN;
  return Number.isNaN(instant) ? receivedAt : instant;
}
