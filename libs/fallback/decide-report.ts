// What a provider's word leads to: a status that grows, a step that is left, a message that ends,
// an outcome that late news amends.
import type { FallbackEvent, NoteRule, ReportedFault, StatusChanged } from "./events.ts";
import { evolve } from "./evolve.ts";
import { findAttempt } from "./find-attempt.ts";
import type { FallbackRules, StatusReportInput } from "./inputs.ts";
import { end, leave, reachedCount } from "./progress.ts";
import type { Attempt, MessageState } from "./state.ts";
import { type AttemptStatus, hasReached, isAbove, isFailure, satisfies } from "./words.ts";

/** Decides a report about one attempt of a message that has started. */
export function decideReport(
  report: StatusReportInput,
  state: MessageState,
  rules: FallbackRules,
): FallbackEvent[] {
  const attemptIndex = findAttempt(report, state);
  const attempt = state.attempts[attemptIndex];
  if (!attempt || report.at > attempt.startedAt + rules.listeningMs) return [];
  if (report.status === "UNKNOWN") return note(report, attemptIndex, attempt, "unknown-status");
  // Left unread means delivered; what it leads to is decided below.
  const status = report.status === "UNREAD" ? "DELIVERED" : report.status;
  if (isFailure(status) && hasReached(attempt.status)) {
    return note(report, attemptIndex, attempt, "failure-after-delivery");
  }
  const isNews = isAbove(status, attempt.status);
  if (state.phase === "ENDED" && state.lateReports === "IGNORE") {
    return isNews ? note(report, attemptIndex, attempt, "late-reports-ignored") : [];
  }
  const changed = isNews ? [change(report, attemptIndex, status)] : [];
  const next = changed.reduce(evolve, state);
  return [...changed, ...consequences(report, { before: state, next, attemptIndex }, rules)];
}

type Change = { before: MessageState; next: MessageState; attemptIndex: number };

function consequences(
  report: StatusReportInput,
  news: Change,
  rules: FallbackRules,
): FallbackEvent[] {
  const { next, attemptIndex } = news;
  if (next.phase === "ENDED") return amend(report, news);
  if (hasSucceeded(next, attemptIndex)) {
    const isLatest = attemptIndex === next.attempts.length - 1;
    const rule = isLatest ? "wanted-status-reached" : "earlier-attempt-succeeded";
    return [end(next, "SUCCEEDED", rule, report.at, { attemptIndex })];
  }
  return leaveOnReport(report, next, attemptIndex, rules);
}

/** A final failure, or an explicit unread where read is wanted, leaves the step at once. */
function leaveOnReport(
  report: StatusReportInput,
  state: MessageState,
  attemptIndex: number,
  rules: FallbackRules,
): FallbackEvent[] {
  const attempt = state.attempts[attemptIndex];
  if (!attempt || attemptIndex !== state.attempts.length - 1) return [];
  // It was delivered: where less than read is wanted, it has succeeded.
  const isUnread = report.status === "UNREAD";
  if (!isFailure(attempt.status) && !isUnread) return [];
  const rule = isUnread ? "unread-report" : "failure-report";
  const { at } = report;
  const { status } = attempt;
  const left = { type: "ATTEMPT_LEFT", at, rule, attemptIndex, status, dueAt: null } as const;
  return leave(state, { ...left, ...faultOf(report) }, rules);
}

/** News after the end: a success that was missed, or a second copy that reached the recipient. */
function amend(report: StatusReportInput, { before, next, attemptIndex }: Change): FallbackEvent[] {
  const succeeds = hasSucceeded(next, attemptIndex) && !hasSucceeded(before, attemptIndex);
  const isNewSuccess = succeeds && next.succeededIndex !== attemptIndex;
  const isSecondCopy = reachedCount(next) > Math.max(1, reachedCount(before));
  if (!isNewSuccess && !isSecondCopy) return [];
  return [
    {
      type: "OUTCOME_AMENDED",
      at: report.at,
      rule: isNewSuccess ? "late-success" : "second-delivery",
      outcome: isNewSuccess ? "SUCCEEDED" : (next.outcome ?? "UNCONFIRMED"),
      revision: next.revision + 1,
      attemptIndex,
      duplicate: reachedCount(next) >= 2,
      lateSuccess: next.lateSuccess || isNewSuccess,
    },
  ];
}

function hasSucceeded({ attempts, steps }: MessageState, attemptIndex: number): boolean {
  const [attempt, step] = [attempts[attemptIndex], steps[attemptIndex]];
  return attempt !== undefined && step !== undefined && satisfies(attempt.status, step.wanted);
}

function change(
  report: StatusReportInput,
  attemptIndex: number,
  status: AttemptStatus,
): StatusChanged {
  const { at, provider, providerMessageId, segmentCount } = report;
  const what = { attemptIndex, status, provider, providerMessageId, segmentCount };
  return { type: "STATUS_CHANGED", at, rule: "status-report", ...what, ...faultOf(report) };
}

function note(
  report: StatusReportInput,
  attemptIndex: number,
  attempt: Attempt,
  rule: NoteRule,
): FallbackEvent[] {
  const { at, status } = report;
  // Of an attempt's failures one is told beside its status: which of them the status took up, and
  // which it passed over, depends on the order of arrival alone.
  const isTold = attempt.noted.some(
    (word) => word === status || (isFailure(word) && isFailure(status)),
  );
  if (isTold) return [];
  return [{ type: "REPORT_NOTED", at, rule, attemptIndex, status, ...faultOf(report) }];
}

function faultOf({ errorCode, errorClass, errorText }: StatusReportInput): ReportedFault {
  return { errorCode, errorClass, detail: errorText };
}
