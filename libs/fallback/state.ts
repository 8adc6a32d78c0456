// What the decider remembers of one message. Instants are epoch ms, durations ms.
import type {
  AttemptStatus,
  Charge,
  ErrorClass,
  FailureStatus,
  Outcome,
  ReportStatus,
  Revocation,
  SuccessStatus,
} from "./words.ts";

export type Step = {
  channel: string;
  sender: string | null;
  /** null: the step is never left by time, only by a report. */
  waitMs: number | null;
  wanted: SuccessStatus;
  onFailure: "NEXT" | "STOP";
  ttlSeconds: number | null;
};

/** One of the pieces in which a provider took an attempt; mostly there is one. */
export type AttemptPart = {
  providerMessageId: string;
  success: SuccessStatus;
  failure: FailureStatus | null;
};

export type Attempt = {
  startedAt: number;
  deadlineAt: number;
  status: AttemptStatus | null;
  /** When it succeeded or was left; null while it is the one in flight. */
  endedAt: number | null;
  errorCode: string | null;
  errorClass: ErrorClass | null;
  provider: string | null;
  providerMessageId: string | null;
  segmentCount: number | null;
  /** Words that the story tells beside the status: they changed nothing, or a later one hid them. */
  noted: ReportStatus[];
  /** What the provider said that it took; empty where a word came before its answer, or never one. */
  parts: AttemptPart[];
  /** The rules by which reports about it were not believed; each is told once. */
  refused: string[];
  /** What the provider says of its price; null: nothing yet. */
  charge: Charge | null;
  /** What became of taking it back; null: nothing is known of that. */
  revocation: Revocation | null;
};

/**
 * NEW: nothing is known. RECALLED: its cancel came first. SCHEDULED: waits for its start.
 * RUNNING: the last attempt is in flight. ENDED: there is an outcome.
 */
export type Phase = "NEW" | "RECALLED" | "SCHEDULED" | "RUNNING" | "ENDED";

export type MessageState = {
  phase: Phase;
  steps: Step[];
  attempts: Attempt[];
  scheduledAt: number | null;
  expiresAt: number | null;
  /** IGNORE: reports after the end change nothing (Kaleyra's rule). */
  lateReports: "AMEND" | "IGNORE";
  outcome: Outcome | null;
  /** Revision of the outcome; 0 while the message is open. */
  revision: number;
  succeededIndex: number | null;
  duplicate: boolean;
  lateSuccess: boolean;
};

export const initialState: MessageState = {
  phase: "NEW",
  steps: [],
  attempts: [],
  scheduledAt: null,
  expiresAt: null,
  lateReports: "AMEND",
  outcome: null,
  revision: 0,
  succeededIndex: null,
  duplicate: false,
  lateSuccess: false,
};

/** All that a message's timer depends on. */
export type TimedState = Pick<MessageState, "phase" | "scheduledAt" | "expiresAt"> & {
  attempts: readonly Pick<Attempt, "deadlineAt">[];
};

/**
 * The one timer of a message: the earliest instant at which time alone must make something happen.
 * null exactly while the message is not open.
 */
export function timerDueAt(state: TimedState): number | null {
  switch (state.phase) {
    case "SCHEDULED":
      return Math.min(state.scheduledAt ?? 0, state.expiresAt ?? Infinity);
    case "RUNNING":
      return Math.min(state.attempts.at(-1)?.deadlineAt ?? 0, state.expiresAt ?? Infinity);
    case "NEW":
    case "RECALLED":
    case "ENDED":
      return null;
  }
}

/** True once the message's own deadline has passed: no step starts any more. */
export function isExpired(state: Pick<MessageState, "expiresAt">, at: number): boolean {
  return state.expiresAt !== null && at >= state.expiresAt;
}
