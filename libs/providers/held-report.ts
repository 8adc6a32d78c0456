import { withinBounds } from "#libs/contracts/bounds.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { PoisonRecordError } from "#libs/errors.ts";

/** A receipt's report within its topic's bounds; why that would not take it, for an id that is none. */
export function heldReport(report: StatusReport): StatusReport | string {
  const read = withinBounds("status-report", report, 0);
  return read instanceof PoisonRecordError ? read.message : read.value;
}
