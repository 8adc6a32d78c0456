// A simulated carrier's receipt in our words.
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { ERROR_CODE_LENGTH_MAX, ID_BYTES_MAX } from "#libs/contracts/limits.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import { cutText } from "#libs/cut-text.ts";
import { blankReport } from "../blank-report.ts";
import { classOfCode } from "./error-classes.ts";
import { normalId } from "./normal-id.ts";
import { statusOfWord } from "./status-words.ts";
import { type CarrierReceipt, simulatedProvider } from "./wire.ts";

/**
 * The status report of a receipt that came at `receivedAt` (epoch ms). Its reportId is the same
 * whenever the carrier posts the receipt again. A reference that is not a commandId is ignored:
 * the report is then joined through the provider's id.
 */
export function reportOfReceipt(
  receipt: CarrierReceipt,
  { channel, receivedAt }: { channel: Channel; receivedAt: number },
): StatusReport {
  const provider = simulatedProvider(channel);
  const errorCode = codeOf(receipt.errorCode);
  const providerMessageId = normalId(receipt.id);
  return {
    ...blankReport({ provider, providerMessageId, channel, receivedAt }),
    reportId: `${provider}:${receipt.receiptId}`,
    ...attemptOf(receipt.reference),
    status: statusOfWord(receipt.status),
    errorCode,
    errorClass: errorCode === null ? null : classOfCode(channel, errorCode),
    segmentCount: wholeOf(receipt.segments) || null,
    occurredAt: wholeOf(receipt.at) ?? receivedAt,
  };
}

/** Some write numbers; what is neither a text nor a number says nothing. */
function codeOf(errorCode: unknown): string | null {
  const code = typeof errorCode === "number" ? String(errorCode) : errorCode;
  return typeof code === "string" ? cutText(code, ERROR_CODE_LENGTH_MAX) : null;
}

function wholeOf(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) ? value : null;
}

/** A reference is a commandId, `messageId:attemptIndex`, where the carrier echoes it. */
function attemptOf(reference: unknown) {
  const given = typeof reference === "string" ? reference : "";
  // An attempt's index has one digit: a flow has ten steps at most.
  const [, messageId, index] = /^(.+):(\d)$/.exec(given) ?? [];
  if (messageId === undefined || !isId(messageId)) return { messageId: null, attemptIndex: null };
  return { messageId, attemptIndex: Number(index) };
}

/** What is none of ours, as a carrier that cuts references may send it, is joined by its own id. */
function isId(messageId: string): boolean {
  return messageId.isWellFormed() && Buffer.byteLength(messageId) <= ID_BYTES_MAX;
}
