// How a decided event changes what is remembered. No rule lives here.
import type {
  ChargeTold,
  FallbackEvent,
  MessageEnded,
  PartReported,
  ReportNoted,
  RevocationTold,
  StatusChanged,
} from "./events.ts";
import type { Attempt, MessageState } from "./state.ts";
import { isFailure } from "./words.ts";

/** The state after `event`. Never fails and never changes `state` itself. */
export function evolve(state: MessageState, event: FallbackEvent): MessageState {
  switch (event.type) {
    case "REQUEST_ACCEPTED": {
      const { steps, scheduledAt, expiresAt, lateReports } = event;
      return { ...state, phase: "SCHEDULED", steps, scheduledAt, expiresAt, lateReports };
    }
    case "CANCEL_REQUESTED":
      return event.rule === "cancel-before-request" ? { ...state, phase: "RECALLED" } : state;
    case "ATTEMPT_STARTED": {
      const attempts = [...state.attempts, newAttempt(event.at, event.dueAt)];
      return { ...state, phase: "RUNNING", attempts };
    }
    case "STATUS_CHANGED":
      return withAttempt(state, event.attemptIndex, (attempt) => withStatus(attempt, event));
    case "REPORT_NOTED":
      return withAttempt(state, event.attemptIndex, (attempt) => withNote(attempt, event));
    case "ATTEMPT_LEFT":
      return withAttempt(state, event.attemptIndex, (attempt) => ended(attempt, event.at));
    case "MESSAGE_ENDED":
      return withEnd(state, event);
    case "OUTCOME_AMENDED": {
      const { outcome, revision, duplicate, lateSuccess } = event;
      const succeededIndex =
        outcome === "SUCCEEDED" ? (state.succeededIndex ?? event.attemptIndex) : null;
      return { ...state, outcome, revision, succeededIndex, duplicate, lateSuccess };
    }
  }
}

function newAttempt(startedAt: number, deadlineAt: number): Attempt {
  return {
    startedAt,
    deadlineAt,
    status: null,
    endedAt: null,
    errorCode: null,
    errorClass: null,
    provider: null,
    providerMessageId: null,
    segmentCount: null,
    noted: [],
    parts: [],
    refused: [],
    charge: null,
    revocation: null,
  };
}

function withAttempt(
  state: MessageState,
  attemptIndex: number,
  change: (attempt: Attempt) => Attempt,
): MessageState {
  const attempts = state.attempts.map((attempt, index) =>
    index === attemptIndex ? change(attempt) : attempt,
  );
  return { ...state, attempts };
}

function withStatus(attempt: Attempt, event: StatusChanged): Attempt {
  return {
    ...attempt,
    status: event.status,
    provider: event.provider,
    providerMessageId: event.providerMessageId ?? attempt.providerMessageId,
    parts: event.parts,
    segmentCount: event.segmentCount ?? attempt.segmentCount,
    errorCode: event.errorCode ?? attempt.errorCode,
    errorClass: event.errorClass ?? attempt.errorClass,
    // A failure that a delivery hides was told: to hear it again is no news.
    noted: isFailure(attempt.status) ? [...attempt.noted, attempt.status] : attempt.noted,
  };
}

type Noted = ReportNoted | PartReported | ChargeTold | RevocationTold;

function withNote(attempt: Attempt, event: Noted): Attempt {
  switch (event.rule) {
    case "revocation-told":
      return { ...attempt, revocation: event.revocation };
    case "part-reported":
      return { ...attempt, parts: event.parts };
    case "charge-told":
      return { ...attempt, provider: attempt.provider ?? event.provider, charge: event.charge };
    case "other-provider":
    case "other-channel":
    case "id-of-another-attempt":
    case "unknown-id":
      return { ...attempt, refused: [...attempt.refused, event.rule] };
    default: {
      const provider = attempt.provider ?? event.provider;
      return { ...attempt, provider, noted: [...attempt.noted, event.status] };
    }
  }
}

function withEnd(state: MessageState, event: MessageEnded): MessageState {
  return {
    ...state,
    phase: "ENDED",
    attempts: state.attempts.map((attempt) => ended(attempt, event.at)),
    outcome: event.outcome,
    revision: event.revision,
    succeededIndex: event.attemptIndex,
    duplicate: event.duplicate,
  };
}

function ended(attempt: Attempt, at: number): Attempt {
  return { ...attempt, endedAt: attempt.endedAt ?? at };
}
