// Which attempt a provider's word is about.
import type { StatusReportInput } from "./inputs.ts";
import { hasId } from "./parts.ts";
import type { MessageState } from "./state.ts";

/**
 * By its index, else by the provider's id, else by a channel that the flow has only once: a report
 * must find the same attempt whenever it is delivered again. -1: it is about none.
 */
export function findAttempt(report: StatusReportInput, { steps, attempts }: MessageState): number {
  if (report.attemptIndex !== null) return report.attemptIndex;
  const { providerMessageId: id, provider } = report;
  const byId = attempts.findIndex((attempt) => {
    return id !== null && attempt.provider === provider && hasId(attempt, id);
  });
  if (byId >= 0) return byId;
  const ofChannel = steps.flatMap((step, index) => (step.channel === report.channel ? index : []));
  return ofChannel.length === 1 ? (ofChannel[0] ?? -1) : -1;
}
