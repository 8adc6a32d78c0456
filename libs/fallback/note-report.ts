// What is told of a report that changes no status: words that are noted, and those that are refused.
import type {
  NoteRule,
  PartReported,
  RefusalRule,
  ReportedFault,
  ReportNoted,
  RevocationTold,
} from "./events.ts";
import type { StatusReportInput } from "./inputs.ts";
import { type Heard, hasPartNews } from "./parts.ts";
import type { Attempt } from "./state.ts";
import { isFailure } from "./words.ts";

/** A report, and the attempt that it is about, as that was before. */
export type Reported = { report: StatusReportInput; attemptIndex: number; attempt: Attempt };

/** News of one part of a long SMS. `heard` has the status that was reported of the part. */
export function notePart(
  { report, attemptIndex, attempt }: Reported,
  heard: Heard,
): PartReported[] {
  if (!hasPartNews(attempt, heard)) return [];
  const { at } = report;
  const what = { at, attemptIndex, ...heard, ...faultOf(report) };
  return [{ type: "REPORT_NOTED", rule: "part-reported", ...what }];
}

/**
 * What came of taking the attempt back. The first word stays: a dispatcher that asked twice may be
 * answered otherwise the second time.
 */
export function tellRevocation({ report, attemptIndex, attempt }: Reported): RevocationTold[] {
  const { at, provider, revocation } = report;
  if (revocation === null || attempt.revocation !== null) return [];
  const what = { at, attemptIndex, provider, revocation, ...faultOf(report) };
  return [{ type: "REPORT_NOTED", rule: "revocation-told", ...what }];
}

/** A report that cannot be about the attempt changes nothing, and each reason is told once. */
export function refuse(
  { report, attemptIndex, attempt }: Reported,
  rule: RefusalRule,
): ReportNoted[] {
  if (attempt.refused.includes(rule)) return [];
  const { at, status, provider, route } = report;
  const what = { at, rule, attemptIndex, status, provider, route };
  return [{ type: "REPORT_NOTED", ...what, ...faultOf(report) }];
}

/** A word that is about the attempt and moves nothing. Each is told once. */
export function note({ report, attemptIndex, attempt }: Reported, rule: NoteRule): ReportNoted[] {
  const { at, status, provider, route } = report;
  // Of an attempt's failures one is told beside its status: which of them the status took up, and
  // which it passed over, depends on the order of arrival alone.
  const isTold = attempt.noted.some(
    (word) => word === status || (isFailure(word) && isFailure(status)),
  );
  if (isTold) return [];
  const what = { at, rule, attemptIndex, status, provider, route };
  return [{ type: "REPORT_NOTED", ...what, ...faultOf(report) }];
}

/** What is wrong, in the provider's own words. */
export function faultOf({ errorCode, errorClass, errorText }: StatusReportInput): ReportedFault {
  return { errorCode, errorClass, detail: errorText };
}
