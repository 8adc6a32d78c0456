// What a report is to its message, once it is known whose its id is.
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import type { Verdict } from "#libs/provider-ids/provider-ids.ts";

/**
 * The input of a report, by what its id is known to belong to; none where nothing says whose it is. What
 * parts an attempt has, its acceptance and its link say: another report's own list would make any id the attempt's.
 */
export function joinedInput(report: StatusReport, verdict: Verdict): MessageInput | [] {
  const { messageId, attemptIndex } = report;
  const type = "StatusReport";
  if (typeof verdict === "string") {
    if (messageId === null) return [];
    const parts = report.status === "ACCEPTED" ? report.providerMessageIds : [];
    const listed = { ...report, providerMessageIds: parts };
    return { type, messageId, report: listed, isOfAnother: false, isLinked: false };
  }
  const named = { ...verdict, ...(messageId === null ? {} : { messageId }) };
  const isOfAnother =
    named.messageId !== verdict.messageId ||
    (attemptIndex ?? verdict.attemptIndex) !== verdict.attemptIndex;
  const isLinked = !isOfAnother;
  if (isOfAnother) return { type, messageId: named.messageId, report, isOfAnother, isLinked };
  // The link knows all parts, whichever of them this report is about.
  const joined = { ...report, ...verdict, providerMessageIds: [...verdict.providerMessageIds] };
  return { type, messageId: verdict.messageId, report: joined, isOfAnother, isLinked };
}
