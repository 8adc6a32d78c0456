import { withinBounds } from "#libs/contracts/bounds.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { PoisonRecordError } from "#libs/errors.ts";

/** A receipt's report within its topic's bounds; why it cannot be one, for an id that no record holds. */
export function heldReport(report: StatusReport): StatusReport | string {
  const read = withinBounds("status-report", report, 0);
  if (read instanceof PoisonRecordError) return read.message;
  const { messageId, providerMessageId } = read.value;
  // An id that is too long is as if there were none: the report would be nobody's.
  const isNobodys = messageId === null && providerMessageId === null;
  return isNobodys ? "Its id of the message is longer than any, or no Unicode." : read.value;
}
