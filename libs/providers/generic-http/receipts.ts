// A gateway's receipts, by where the connection says that everything is.
import { type Static, Type } from "typebox";
import type { Charge, StatusReport } from "#libs/contracts/generated/types.ts";
import { ERROR_TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { cutText } from "#libs/cut-text.ts";
import { parseJsonExactlyInTurns } from "#libs/json/parse-json-in-turns.ts";
import { mapInTurns, takeTurns } from "#libs/take-turns.ts";
import { blankReport } from "../blank-report.ts";
import type { ParsedReceipts } from "../provider.ts";
import { readEach } from "../read-each.ts";
import type { GenericOptions } from "./access.ts";
import { classesBy } from "./answer.ts";
import { readCharge, type TextAt } from "./receipt-charge.ts";
import type { ReceiptOptions } from "./receipt-options.ts";
import { readInstant } from "./receipt-time.ts";
import { textAt, valueAt } from "./select.ts";

/** As many as a request of the api may have. */
const FORM_MEMBER_COUNT_MAX = 500;

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
    const items = await itemsOf(body.toString(), receipts);
    if (items === undefined) return { reports: [], oddCount: 1, oddities: [noItems(receipts)] };
    const turn = takeTurns();
    const picked = await mapInTurns(items, (item) => {
      // What stands at a pointer may be all that was posted, and there are a dozen pointers.
      const at = async (pointer: string) => turn().then(() => textAt(item, pointer));
      return pick(at, receipts);
    });
    return readEach(picked, Receipt, (receipt) => toReport(receipt, receivedAt));
  };
}

async function itemsOf(
  text: string,
  { body, method, items }: ReceiptOptions,
): Promise<unknown[] | undefined> {
  const isForm = method === "GET" || body === "form";
  const whole = isForm ? membersOfForm(text) : await parseJsonExactlyInTurns(text);
  if (items === undefined) return whole === undefined ? undefined : [whole];
  const found = valueAt(whole, items);
  return Array.isArray(found) ? found : undefined;
}

/** Undefined for more members than anybody's receipt has: three MB of `&` alone would be a second's work. */
function membersOfForm(text: string): object | undefined {
  const isTooLong = text.split("&", FORM_MEMBER_COUNT_MAX + 1).length > FORM_MEMBER_COUNT_MAX;
  return isTooLong ? undefined : Object.fromEntries(new URLSearchParams(text));
}

function noItems({ items, body, method }: ReceiptOptions): string {
  if (items !== undefined) return `There is no list at "${items}".`;
  const isForm = method === "GET" || body === "form";
  return isForm ? `It has more than ${FORM_MEMBER_COUNT_MAX} members.` : "It is no JSON.";
}

async function pick(at: TextAt, { id, status, code, text, time, charge }: ReceiptOptions) {
  const errorCode = code && (await at(code.jsonPointer));
  const isFault = errorCode !== undefined && !code?.none.includes(errorCode);
  const all = {
    id: await at(id),
    status: await at(status.jsonPointer),
    code: isFault ? errorCode : undefined,
    text: text === undefined ? undefined : await at(text),
    time: time && (await at(time.jsonPointer)),
    charge: await readCharge(at, charge),
  };
  return Object.fromEntries(Object.entries(all).filter(([, each]) => each !== undefined));
}
