// What is known of a message, its story, and its timer.
import {
  accountId,
  anything,
  foreignId,
  instant,
  list,
  nullable,
  record,
} from "#libs/contracts/bound.ts";
import type {
  Attempt,
  AttemptPart,
  FlowStep,
  JournalEntry,
  MessageState,
  StoryEvent,
  TimerTick,
} from "#libs/contracts/generated/types.ts";
import {
  ID_BYTES_MAX,
  NOTED_COUNT_MAX,
  SEGMENT_COUNT_MAX,
  STEP_COUNT_MAX,
  STORY_LENGTH_MAX,
} from "#libs/contracts/limits.ts";
import {
  attemptIndex,
  callRoute,
  charge,
  count,
  errorCode,
  errorText,
  laterInstant,
  messageId,
  name,
  partId,
  requestFaults,
  segmentCount,
  ttlSeconds,
  waitMs,
} from "./members.ts";

const state = record<MessageState>({
  phase: anything,
  steps: list(
    STEP_COUNT_MAX,
    record<FlowStep>({
      channel: name,
      sender: nullable(name),
      waitMs,
      wanted: anything,
      onFailure: anything,
      ttlSeconds,
    }),
  ),
  attempts: list(
    STEP_COUNT_MAX,
    record<Attempt>({
      startedAt: instant,
      deadlineAt: instant,
      status: anything,
      endedAt: laterInstant,
      errorCode,
      errorClass: anything,
      provider: nullable(name),
      providerMessageId: foreignId(ID_BYTES_MAX),
      segmentCount,
      noted: list(NOTED_COUNT_MAX, anything),
      parts: list(
        SEGMENT_COUNT_MAX,
        record<AttemptPart>({ providerMessageId: partId, success: anything, failure: anything }),
      ),
      refused: list(NOTED_COUNT_MAX, name),
      charge,
      revocation: anything,
    }),
  ),
  scheduledAt: laterInstant,
  expiresAt: laterInstant,
  lateReports: anything,
  outcome: anything,
  revision: count,
  succeededIndex: nullable(attemptIndex),
  duplicate: anything,
  lateSuccess: anything,
});

const storyEvent = record<StoryEvent>({
  type: anything,
  at: instant,
  rule: name,
  attemptIndex: nullable(attemptIndex),
  status: anything,
  errorCode,
  errorClass: anything,
  detail: errorText,
  faults: requestFaults,
  dueAt: laterInstant,
  outcome: anything,
  revision: nullable(count),
  duplicate: anything,
  charge,
  route: callRoute,
  revocation: anything,
});

export const journalEntry = record<JournalEntry>({
  messageId,
  accountId,
  version: count,
  at: instant,
  traceparent: nullable(name),
  request: anything,
  state,
  story: list(STORY_LENGTH_MAX, storyEvent),
  newEventCount: count,
});

export const timerTick = record<TimerTick>({
  messageId,
  dueAt: instant,
  firedAt: instant,
  leaseEndsAt: laterInstant,
});
