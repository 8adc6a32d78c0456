// What a provider's word leads to: a status that grows, a step that is left, a message that ends,
// an outcome that late news amends.
import { chargeNews } from "./charge.ts";
import type { FallbackEvent, RefusalRule, StatusChanged } from "./events.ts";
import { evolve } from "./evolve.ts";
import { findAttempt } from "./find-attempt.ts";
import type { FallbackRules, StatusReportInput } from "./inputs.ts";
import { faultOf, note, notePart, type Reported, refuse, tellRevocation } from "./note-report.ts";
import { type Heard, hasUnknownId, hear } from "./parts.ts";
import { end, leave, reachedCount } from "./progress.ts";
import type { Attempt, MessageState } from "./state.ts";
import { hasReached, isAbove, isFailure, satisfies } from "./words.ts";

/** Decides a report about one attempt of a message that has started. */
export function decideReport(
  report: StatusReportInput,
  state: MessageState,
  rules: FallbackRules,
): FallbackEvent[] {
  const attemptIndex = findAttempt(report, state);
  const attempt = state.attempts[attemptIndex];
  if (!attempt || report.at > attempt.startedAt + rules.listeningMs) return [];
  const refusal = refusalOf(report, attempt, state.steps[attemptIndex]?.channel);
  const reported = { report, attemptIndex, attempt };
  if (refusal) return refuse(reported, refusal);
  const moves = newsOf(reported, state, rules);
  const news = [...moves, ...chargeNews(report, state, attemptIndex)];
  // What was heard before its ids were known may come again, and is no news then.
  const isUnknown = news.length > 0 && hasUnknownId(report, attempt);
  return isUnknown ? refuse(reported, "unknown-id") : news;
}

/** What a report leads to that is about the attempt. */
function newsOf(reported: Reported, state: MessageState, rules: FallbackRules): FallbackEvent[] {
  const { report, attemptIndex, attempt } = reported;
  if (report.revocation) return tellRevocation(reported);
  if (report.status === "UNKNOWN") return note(reported, "unknown-status");
  // Left unread means delivered; what it leads to is decided below.
  const status = report.status === "UNREAD" ? "DELIVERED" : report.status;
  if (isFailure(status) && hasReached(attempt.status)) {
    return note(reported, "failure-after-delivery");
  }
  const heard = hear(attempt, report, status);
  const isNews = isAbove(heard.status, attempt.status);
  if (state.phase === "ENDED" && state.lateReports === "IGNORE") {
    return isNews ? note(reported, "late-reports-ignored") : [];
  }
  const changed = isNews
    ? [change(report, attemptIndex, heard)]
    : notePart(reported, { ...heard, status });
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
    return [end(next, { outcome: "SUCCEEDED", rule, at: report.at, attemptIndex })];
  }
  return leaveOnReport(report, news, rules);
}

/** A final failure, or an explicit unread where read is wanted, leaves the step at once. */
function leaveOnReport(
  report: StatusReportInput,
  { next: state, attemptIndex }: Change,
  rules: FallbackRules,
): FallbackEvent[] {
  const attempt = state.attempts[attemptIndex];
  if (!attempt || attemptIndex !== state.attempts.length - 1) return [];
  // Where less than read is wanted, unread says delivered, and of one part it says nothing of the rest.
  const isUnread = report.status === "UNREAD" && state.steps[attemptIndex]?.wanted === "READ";
  if (!isFailure(attempt.status) && !isUnread) return [];
  const rule = isUnread ? "unread-report" : "failure-report";
  const { at, apartMs } = report;
  const { status } = attempt;
  const left = { type: "ATTEMPT_LEFT", at, rule, attemptIndex, status, dueAt: null } as const;
  const onFailure = report.leadsTo ?? state.steps[attemptIndex]?.onFailure;
  return leave(state, { left: { ...left, ...faultOf(report) }, apartMs, onFailure }, rules);
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
  { status, parts }: Heard,
): StatusChanged {
  const { at, provider, providerMessageId, route } = report;
  // What is reported of a part counts that part only; the acceptance counts them all.
  const isWhole = parts.length < 2 || report.status === "ACCEPTED";
  const segmentCount = isWhole ? report.segmentCount : null;
  const what = { attemptIndex, status, provider, providerMessageId, segmentCount, parts, route };
  return { type: "STATUS_CHANGED", at, rule: "status-report", ...what, ...faultOf(report) };
}

/** Why the report cannot be about the attempt that it names; undefined where it can. */
function refusalOf(
  report: StatusReportInput,
  attempt: Attempt,
  ownChannel: string | undefined,
): RefusalRule | undefined {
  if (report.mismatch) return report.mismatch;
  if (report.channel !== ownChannel) return "other-channel";
  const isOther = attempt.provider !== null && attempt.provider !== report.provider;
  return isOther ? "other-provider" : undefined;
}
