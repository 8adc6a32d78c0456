// Rules of the decider as tests read them: given what a message was told, when it is told one thing
// more, then these events are decided. An expectation names only what its rule is about.
import { expect } from "vitest";
import { decide } from "#libs/fallback/decide.ts";
import type {
  AmendRule,
  AttemptLeft,
  AttemptStarted,
  EndRule,
  FallbackEvent,
  LeaveRule,
  MessageEnded,
  NoteRule,
  OutcomeAmended,
  PartReported,
  RefusalRule,
  ReportNoted,
  RequestAccepted,
  StatusChanged,
} from "#libs/fallback/events.ts";
import { evolve } from "#libs/fallback/evolve.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { initialState, type MessageState } from "#libs/fallback/state.ts";
import type { AttemptStatus, Outcome, ReportStatus } from "#libs/fallback/words.ts";
import { onItsChannel, START } from "./journal-entry.ts";

/** The fields of an event that an expectation may name: its type and rule always. */
type Expected<E extends FallbackEvent = FallbackEvent> = E extends FallbackEvent
  ? Pick<E, "type" | "rule"> & Partial<E>
  : never;

/** The state of a message after `history`. */
export function stateAfter(...history: FallbackInput[]): MessageState {
  return history.reduce(
    (state, input) => decide(onItsChannel(input, state), state).reduce(evolve, state),
    initialState,
  );
}

/** `decides` takes the whole list, in order; none says that the input decides nothing. */
export function given(...history: FallbackInput[]) {
  const state = stateAfter(...history);
  return {
    when: (input: FallbackInput) => ({
      decides: (...expected: Expected[]) =>
        expect(decide(onItsChannel(input, state), state)).toMatchObject(expected),
    }),
  };
}

export function accepted(rule: "accepted" | "scheduled" = "accepted"): Expected<RequestAccepted> {
  return { type: "REQUEST_ACCEPTED", rule };
}

/** `dueAfterMs` counts from the start of the story, like the inputs' times. */
export function started(attemptIndex: number, dueAfterMs: number): Expected<AttemptStarted> {
  const rule = attemptIndex === 0 ? "first-step" : "next-step";
  return { type: "ATTEMPT_STARTED", rule, attemptIndex, dueAt: START + dueAfterMs };
}

export function changed(attemptIndex: number, status: AttemptStatus): Expected<StatusChanged> {
  return { type: "STATUS_CHANGED", rule: "status-report", attemptIndex, status };
}

export function noted(
  attemptIndex: number,
  status: ReportStatus,
  rule: NoteRule | RefusalRule,
): Expected<ReportNoted> {
  return { type: "REPORT_NOTED", rule, attemptIndex, status };
}

export function partReported(attemptIndex: number, status: AttemptStatus): Expected<PartReported> {
  return { type: "REPORT_NOTED", rule: "part-reported", attemptIndex, status };
}

export function left(attemptIndex: number, rule: LeaveRule): Expected<AttemptLeft> {
  return { type: "ATTEMPT_LEFT", rule, attemptIndex };
}

export function ended(
  outcome: Outcome,
  rule: EndRule,
  more: Partial<MessageEnded> = {},
): Expected<MessageEnded> {
  return { type: "MESSAGE_ENDED", outcome, rule, revision: 1, ...more };
}

export function amended(
  revision: number,
  rule: AmendRule,
  more: Partial<OutcomeAmended>,
): Expected<OutcomeAmended> {
  return { type: "OUTCOME_AMENDED", revision, rule, ...more };
}
