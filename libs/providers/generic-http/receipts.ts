// A gateway's receipts, by where the connection says that everything is.
import { type Static, Type } from "typebox";
import type { Charge, StatusReport } from "#libs/contracts/generated/types.ts";
import { ERROR_TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { cutText } from "#libs/cut-text.ts";
import { parseJsonExactly } from "#libs/json/parse-json.ts";
import { mapInTurns } from "#libs/take-turns.ts";
import { blankReport } from "../blank-report.ts";
import type { ParsedReceipts } from "../provider.ts";
import { readEach } from "../read-each.ts";
import type { GenericOptions } from "./access.ts";
import { classesBy } from "./answer.ts";
import { readCharge } from "./receipt-charge.ts";
import type { ReceiptOptions } from "./receipt-options.ts";
import { readInstant } from "./receipt-time.ts";
import { textAt, valueAt } from "./select.ts";

/** What was picked out of one. */
const Receipt = Type.Object({
  id: Type.String({ minLength: 1 }),
  status: Type.String({ minLength: 1 }),
  code: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  time: Type.Optional(Type.String()),
  charge: Type.Unsafe<Charge | null>(Type.Unknown()),
});
type Receipt = Static<typeof Receipt>;

export type ReceiptContext = Pick<GenericOptions, "channel" | "errorClasses"> & {
  receipts: ReceiptOptions;
  provider: string;
};

/** Never rejects. */
export function readingReceipts({ receipts, channel, errorClasses, provider }: ReceiptContext) {
  const classOf = classesBy(errorClasses);
  const { words } = receipts.status;
  const statuses = new Map(
    Object.entries(words).map(([word, status]) => [word.toLowerCase(), status]),
  );
  const toReport = (
    { id, status, code, text, time, charge }: Receipt,
    receivedAt: number,
  ): StatusReport => ({
    ...blankReport({ provider, providerMessageId: id, channel, receivedAt }),
    reportId: `${provider}:${id}:${status}`,
    status: statuses.get(status.toLowerCase()) ?? "UNKNOWN",
    errorCode: code ?? null,
    errorClass: code === undefined ? null : (classOf(code) ?? "UNKNOWN"),
    errorText: text === undefined ? null : cutText(text, ERROR_TEXT_LENGTH_MAX),
    // An odd time costs no receipt: it is for display only.
    charge,
    occurredAt: readInstant(time, receipts.time) ?? receivedAt,
  });
  return async (body: Buffer, receivedAt: number): Promise<ParsedReceipts> => {
    const items = itemsOf(body.toString(), receipts);
    if (items === undefined) return { reports: [], oddCount: 1, oddities: [noItems(receipts)] };
    const picked = await mapInTurns(items, (item) => pick(item, receipts));
    return readEach(picked, Receipt, (receipt) => toReport(receipt, receivedAt));
  };
}

function itemsOf(text: string, { body, method, items }: ReceiptOptions): unknown[] | undefined {
  const isForm = method === "GET" || body === "form";
  const whole = isForm ? Object.fromEntries(new URLSearchParams(text)) : parseJsonExactly(text);
  if (items === undefined) return whole === undefined ? undefined : [whole];
  const found = valueAt(whole, items);
  return Array.isArray(found) ? found : undefined;
}

function noItems({ items }: ReceiptOptions): string {
  return items === undefined ? "It is no JSON." : `There is no list at "${items}".`;
}

function pick(item: unknown, { id, status, code, text, time, charge }: ReceiptOptions) {
  const errorCode = code && textAt(item, code.jsonPointer);
  const isFault = errorCode !== undefined && !code?.none.includes(errorCode);
  const all = {
    id: textAt(item, id),
    status: textAt(item, status.jsonPointer),
    code: isFault ? errorCode : undefined,
    text: text === undefined ? undefined : textAt(item, text),
    time: time && textAt(item, time.jsonPointer),
    charge: readCharge(item, charge),
  };
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined));
}
