// What Meta posts of messages: `entry[].changes[].value.statuses[]`. What else it posts in the same
// bodies (incoming messages, reviews of templates) is none of ours, and no fault.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { ReportStatus, StatusReport } from "#libs/contracts/generated/types.ts";
import { ERROR_TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { cutText } from "#libs/cut-text.ts";
import { isObject, memberOf } from "#libs/json/json-object.ts";
import { parseReceiptJsonInTurns } from "#libs/json/parse-json-in-turns.ts";
import { flatMapInTurns } from "#libs/take-turns.ts";
import { blankReport } from "../blank-report.ts";
import { chargeOf } from "../charge.ts";
import type { ParsedReceipts } from "../provider.ts";
import { readEach } from "../read-each.ts";
import { CloudError, wordsOf } from "./answer.ts";
import { classOfCloudCode } from "./codes.ts";

const STATUS_OF_WORD: ReadonlyMap<string, ReportStatus> = new Map([
  ["sent", "SENT"],
  ["delivered", "DELIVERED"],
  ["read", "READ"],
  // Of a voice message.
  ["played", "READ"],
  ["failed", "FAILED"],
]);

const Status = Type.Object({
  id: Type.String({ minLength: 1 }),
  status: Type.String(),
  /** Epoch seconds, as text. */
  timestamp: Type.Optional(Type.Unknown()),
  /** Explains a failure; nothing that is odd about it makes the failure unheard. */
  errors: Type.Optional(Type.Unknown()),
  pricing: Type.Optional(Type.Unknown()),
});
type Status = Static<typeof Status>;

/** Never rejects: what is no status is counted as odd, and the others are read. */
export async function parseCloudReceipts(
  body: Buffer,
  { provider, receivedAt }: { provider: string; receivedAt: number },
): Promise<ParsedReceipts> {
  const parsed = await parseReceiptJsonInTurns(body.toString());
  if (!isObject(parsed)) return { reports: [], oddCount: 1, oddities: ["It is no JSON object."] };
  const entries = listOf(parsed["entry"]);
  const changes = await flatMapInTurns(entries, (entry) => listOf(memberOf(entry, "changes")));
  const statuses = await flatMapInTurns(changes, statusesOf);
  return readEach(statuses, Status, (status) => reportOf(status, { provider, receivedAt }));
}

function statusesOf(change: unknown): unknown[] {
  const isOfMessages = memberOf(change, "field") === "messages";
  return isOfMessages ? listOf(memberOf(memberOf(change, "value"), "statuses")) : [];
}

/** Meta's own id of a status is none: a message has each of them once. */
function reportOf(
  { id, status, timestamp, errors, pricing }: Status,
  { provider, receivedAt }: { provider: string; receivedAt: number },
): StatusReport {
  const error = listOf(errors).find((each) => Value.Check(CloudError, each));
  return {
    ...blankReport({ provider, providerMessageId: id, channel: "whatsapp", receivedAt }),
    reportId: `${provider}:${id}:${status}`,
    status: STATUS_OF_WORD.get(status.toLowerCase()) ?? "UNKNOWN",
    errorCode: error ? String(error.code) : null,
    errorClass: error ? classOfCloudCode(error.code) : null,
    errorText: error ? cutText(wordsOf(error), ERROR_TEXT_LENGTH_MAX) : null,
    occurredAt: isSeconds(timestamp) ? Number(timestamp) * 1000 : receivedAt,
    // Meta bills by its rate card and names no amount; `pricing` comes with `sent` and once again.
    charge: chargeOf({
      isBillable: memberOf(pricing, "billable"),
      category: memberOf(pricing, "category"),
    }),
  };
}

function isSeconds(timestamp: unknown): timestamp is string {
  return typeof timestamp === "string" && /^\d{1,12}$/.test(timestamp);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
