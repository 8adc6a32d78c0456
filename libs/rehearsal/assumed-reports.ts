// The status reports that the decider would be told.
import type { Word } from "#libs/dispatch-rules/conclude.ts";
import type { StatusReportInput } from "#libs/fallback/inputs.ts";
import type { Step } from "#libs/fallback/state.ts";
import { reportOfReceipt } from "#libs/providers/simulated/receipt.ts";
import { simulatedProvider } from "#libs/providers/simulated/wire.ts";
import type { DueCall, DueReport } from "./agenda.ts";
import { type AssumedReceipt, channelOf } from "./assumed-carrier.ts";

/** What the dispatcher itself reports of a call. */
export function wordReport(
  word: Word,
  { at, attemptIndex }: Pick<DueCall, "at" | "attemptIndex">,
  step: Step,
): DueReport {
  const report: StatusReportInput = {
    type: "StatusReport",
    at,
    apartMs: 0,
    attemptIndex,
    channel: step.channel,
    status: word.status,
    provider: simulatedProvider(channelOf(step)),
    providerMessageId: word.providerMessageId ?? null,
    providerMessageIds: [],
    isLinked: true,
    mismatch: null,
    errorCode: word.errorCode ?? null,
    errorClass: word.errorClass ?? null,
    errorText: word.errorText ?? null,
    segmentCount: word.segmentCount ?? null,
    leadsTo: null,
    charge: null,
    route: null,
    revocation: null,
  };
  return { type: "report", at, report };
}

/** What a dispatcher reports of an attempt that the carrier took back. */
export function revocationReport(at: number, attemptIndex: number, step: Step): DueReport {
  const { report } = wordReport({ status: "UNKNOWN" }, { at, attemptIndex }, step);
  return { type: "report", at, report: { ...report, revocation: "REVOKED" } };
}

/** A receipt as the receipt-bridge would report it. */
export function receiptReport(
  planned: AssumedReceipt,
  { at, attemptIndex }: DueCall,
  step: Step,
): DueReport {
  const { id, status, errorCode, afterMs } = planned;
  const saidAt = Math.round(at + afterMs);
  const reference = `rehearsal:${attemptIndex}`;
  const code = errorCode === undefined ? {} : { errorCode };
  const receipt = { receiptId: "receipt", id, reference, status, at: saidAt, ...code };
  const report = reportOfReceipt(receipt, { channel: channelOf(step), receivedAt: saidAt });
  const input = {
    ...report,
    type: "StatusReport",
    at: saidAt,
    apartMs: 0,
    isLinked: true,
    mismatch: null,
    leadsTo: null,
  } as const;
  return { type: "report", at: saidAt, report: input };
}
