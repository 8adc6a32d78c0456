// A receipt is its status. What else it says explains it, and is shown: an odd number there must not cost
// the receipt, or a message that was delivered would be sent again on the next channel.
import { isInstant } from "#libs/contracts/bound.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { isSegmentCount } from "./segment-count.ts";

/** The report; a count that no SMS has, or a time that no calendar has, as if nothing had been said of it. */
export function boundReceipt(report: StatusReport): StatusReport {
  const { segmentCount, occurredAt, receivedAt } = report;
  const isCounted = segmentCount === null || isSegmentCount(segmentCount);
  if (isCounted && isInstant(occurredAt)) return report;
  return {
    ...report,
    segmentCount: isCounted ? segmentCount : null,
    occurredAt: isInstant(occurredAt) ? occurredAt : receivedAt,
  };
}
