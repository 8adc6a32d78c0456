// A receipt as a status report: TLVs first, the text second.
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { Pdu } from "#libs/smpp/pdu.ts";
import { findTlv, tags, textOfTlv } from "#libs/smpp/tlvs.ts";
import { blankReport } from "../blank-report.ts";
import { heldReport } from "../held-report.ts";
import type { ParsedReceipts } from "../provider.ts";
import type { SmppOptions } from "./access.ts";
import { oneId } from "./one-id.ts";
import { type ReceiptText, readReceiptText } from "./receipt-text.ts";
import { type MessageState, stateOfNumber, stateOfWord } from "./states.ts";
import { zonedTime } from "./zoned-time.ts";

/** SMPP 3.4, 5.2.12: what bits 2 to 5 of esm_class say of a message from the SMSC. */
const KIND_BITS = 0x3c;
const RECEIPT = 0x04;
/** A header stands before the text. */
const UDHI = 0x40;
const DATA_CODING_UCS2 = 0x08;
/** Of these some carriers tell a code as well, which is none of a fault. */
const GOOD: ReadonlySet<string> = new Set(["ACCEPTED", "SENT", "DELIVERED"]);

type ReceiptOptions = Pick<SmppOptions, "ids" | "timeZone" | "receiptTrust">;
type Received = { provider: string; receivedAt: number; options: ReceiptOptions };

/** Else it is a person's message, or a word of one. */
export function isReceipt({ numbers }: Pdu): boolean {
  return ((numbers.esm_class ?? 0) & KIND_BITS) === RECEIPT;
}

/** One report; none where no id or no state can be read, or no record could hold it. Never throws. */
export function readReceipt(pdu: Pdu, received: Received): ParsedReceipts {
  const read = reportOrOddity(pdu, received);
  if (typeof read === "string") return { reports: [], oddCount: 1, oddities: [read] };
  return { reports: [read], oddCount: 0, oddities: [] };
}

function reportOrOddity(pdu: Pdu, received: Received): StatusReport | string {
  const text = readReceiptText(textOf(pdu));
  const id = textOfTlv(pdu.tlvs, tags.receiptedMessageId) || text.id;
  const state = stateOf(pdu, text);
  if (id === "") return "It names no message: there is neither receipted_message_id nor an id.";
  if (!state) return "It says no state: there is neither a message_state that is known nor a stat.";
  return heldReport(reportOf(pdu, { id, state, text, ...received }));
}

type Read = Received & { id: string; state: MessageState; text: ReceiptText };

function reportOf(pdu: Pdu, { state, text, provider, receivedAt, options, ...read }: Read) {
  const id = oneId(read.id, "receipt", options.ids);
  const doneAt = zonedTime(text.doneDate, options.timeZone) ?? receivedAt;
  return {
    ...blankReport({ provider, providerMessageId: id, channel: "sms", receivedAt }),
    reportId: `${provider}:${id}:${state.word.toLowerCase()}`,
    status: trusted(state, pdu, options),
    errorCode: GOOD.has(state.status) ? null : (errorCodeOf(pdu, text) ?? state.word),
    // A zone that is wrong must not make it a thing of the future.
    occurredAt: Math.min(doneAt, receivedAt),
  } satisfies StatusReport;
}

function stateOf({ tlvs }: Pdu, { stat }: ReceiptText): MessageState | undefined {
  const [state] = findTlv(tlvs, tags.messageState) ?? [];
  const told = state === undefined ? undefined : stateOfNumber(state);
  return told ?? (stat === "" ? undefined : stateOfWord(stat));
}

/** Where a carrier says "delivered" of its own accord, it is no word of the phone's. */
function trusted(
  { status }: MessageState,
  { texts }: Pdu,
  { receiptTrust }: ReceiptOptions,
): StatusReport["status"] {
  if (status !== "DELIVERED" || Object.keys(receiptTrust).length === 0) return status;
  const digits = (texts.source_addr ?? "").replace(/^\+/, "");
  const country = parsePhoneNumberFromString(`+${digits}`)?.country ?? "";
  const trust = receiptTrust[country] ?? receiptTrust["default"] ?? "handset";
  if (trust === "handset") return status;
  return trust === "carrier" ? "SENT" : "UNKNOWN";
}

/** Null where none is told: zeros are none. */
function errorCodeOf({ tlvs }: Pdu, { err }: ReceiptText): string | null {
  const network = findTlv(tlvs, tags.networkErrorCode);
  const code = network?.length === 3 ? network.readUInt16BE(1) : 0;
  if (code !== 0) return `${code}`;
  return /^0*$/.test(err) ? null : err;
}

function textOf({ message, tlvs, numbers }: Pdu): string {
  const whole = message.length > 0 ? message : (findTlv(tlvs, tags.messagePayload) ?? message);
  const hasHeader = ((numbers.esm_class ?? 0) & UDHI) !== 0;
  const bytes = hasHeader ? whole.subarray(1 + (whole[0] ?? 0)) : whole;
  if (numbers.data_coding !== DATA_CODING_UCS2) return bytes.toString("latin1");
  // Half a character at the end is none.
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString("utf16le");
}
