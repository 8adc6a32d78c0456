// What can be decided about a message, and by which rule. Every event explains itself: a message's
// story is the list of its events.
import type { AttemptPart, Step } from "./state.ts";
import type {
  AttemptStatus,
  Charge,
  ErrorClass,
  Outcome,
  ReportStatus,
  Revocation,
} from "./words.ts";

export type EndRule =
  | "wanted-status-reached"
  | "earlier-attempt-succeeded"
  | "all-steps-used"
  | "stopped-on-failure"
  | "closing-window-ended"
  | "listening-ended"
  | "expired"
  | "canceled"
  | "stale-request"
  | "invalid-request";
export type LeaveRule = "failure-report" | "unread-report" | "wait-ended";
export type NoteRule = "unknown-status" | "failure-after-delivery" | "late-reports-ignored";
/** Why a report is not believed: it cannot be about the attempt that it names. */
export type RefusalRule =
  | "other-provider"
  | "other-channel"
  | "id-of-another-attempt"
  | "unknown-id";
export type AmendRule = "late-success" | "second-delivery";
export type Rule =
  | "accepted"
  | "scheduled"
  | "cancel"
  | "cancel-before-request"
  | "first-step"
  | "next-step"
  | "status-report"
  | LeaveRule
  | NoteRule
  | RefusalRule
  | "part-reported"
  | "charge-told"
  | "revocation-told"
  | EndRule
  | AmendRule;

/** The provider's words behind an event. */
export type ReportedFault = {
  errorCode: string | null;
  errorClass: ErrorClass | null;
  detail: string | null;
};

/** Which of the account's connections was asked, as the dispatcher says; only told, never decided by. */
export type CallRoute = {
  connection: string | null;
  refusals: {
    connection: string;
    errorCode: string | null;
    errorClass: ErrorClass | null;
    errorText: string | null;
  }[];
};

/** Something that stands against a request. */
export type RequestFault = {
  code: string;
  /** JSON pointer into the request; "" is the whole. */
  path: string;
  /** Stands behind the path. */
  words: string;
};

export type RequestAccepted = {
  type: "REQUEST_ACCEPTED";
  at: number;
  rule: "accepted" | "scheduled";
  steps: Step[];
  scheduledAt: number | null;
  expiresAt: number | null;
  lateReports: "AMEND" | "IGNORE";
  /** When the first step starts. */
  dueAt: number;
};
export type CancelRequested = {
  type: "CANCEL_REQUESTED";
  at: number;
  rule: "cancel" | "cancel-before-request";
  detail: string | null;
};
export type AttemptStarted = {
  type: "ATTEMPT_STARTED";
  at: number;
  rule: "first-step" | "next-step";
  attemptIndex: number;
  /** When its wait ends. */
  dueAt: number;
};
export type StatusChanged = ReportedFault & {
  type: "STATUS_CHANGED";
  at: number;
  rule: "status-report";
  attemptIndex: number;
  status: AttemptStatus;
  provider: string;
  providerMessageId: string | null;
  segmentCount: number | null;
  parts: AttemptPart[];
  route: CallRoute | null;
};
export type ReportNoted = ReportedFault & {
  type: "REPORT_NOTED";
  at: number;
  rule: NoteRule | RefusalRule;
  attemptIndex: number;
  status: ReportStatus;
  provider: string;
  route: CallRoute | null;
};
/** One part came further, the attempt did not. */
export type PartReported = ReportedFault & {
  type: "REPORT_NOTED";
  at: number;
  rule: "part-reported";
  attemptIndex: number;
  status: AttemptStatus;
  parts: AttemptPart[];
};
/** What the provider says of the attempt's price; it decides nothing. */
export type ChargeTold = {
  type: "REPORT_NOTED";
  at: number;
  rule: "charge-told";
  attemptIndex: number;
  provider: string;
  /** All that is known by now. */
  charge: Charge;
};
/** What became of taking the attempt back. Whether it reaches the person all the same, its own reports say. */
export type RevocationTold = ReportedFault & {
  type: "REPORT_NOTED";
  at: number;
  rule: "revocation-told";
  attemptIndex: number;
  provider: string;
  revocation: Revocation;
};
export type AttemptLeft = ReportedFault & {
  type: "ATTEMPT_LEFT";
  at: number;
  rule: LeaveRule;
  attemptIndex: number;
  /** The furthest word when it was left. */
  status: AttemptStatus | null;
  /** The deadline that passed, where time was the reason. */
  dueAt: number | null;
};
export type MessageEnded = {
  type: "MESSAGE_ENDED";
  at: number;
  rule: EndRule;
  outcome: Outcome;
  revision: 1;
  /** The attempt that got through. */
  attemptIndex: number | null;
  duplicate: boolean;
  /** The code of a rejection. */
  detail: string | null;
  /** All that led to it; the first one's code is `detail`. */
  faults: RequestFault[];
};
export type OutcomeAmended = {
  type: "OUTCOME_AMENDED";
  at: number;
  rule: AmendRule;
  outcome: Outcome;
  revision: number;
  /** The attempt that the late news is about. */
  attemptIndex: number;
  duplicate: boolean;
  lateSuccess: boolean;
};

export type FallbackEvent =
  | RequestAccepted
  | CancelRequested
  | AttemptStarted
  | StatusChanged
  | ReportNoted
  | PartReported
  | ChargeTold
  | RevocationTold
  | AttemptLeft
  | MessageEnded
  | OutcomeAmended;
