import type { StatusReport } from "#libs/contracts/generated/types.ts";

/** The key of a report's record: its message where that is known, else the provider's id. */
export function keyOfReport(report: StatusReport): string {
  return report.messageId ?? `${report.provider}:${report.providerMessageId}`;
}
