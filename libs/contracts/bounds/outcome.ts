// How a message ended.
import { accountId, anything, instant, list, nullable, record } from "#libs/contracts/bound.ts";
import type { MessageOutcome, OutcomeAttempt } from "#libs/contracts/generated/types.ts";
import { STEP_COUNT_MAX } from "#libs/contracts/limits.ts";
import {
  amount,
  attemptIndex,
  charge,
  clientId,
  count,
  errorCode,
  laterInstant,
  messageId,
  name,
  requestFaults,
  segmentCount,
} from "./members.ts";

const outcomeAttempt = record<OutcomeAttempt>({
  channel: name,
  status: anything,
  errorCode,
  startedAt: instant,
  endedAt: laterInstant,
  segmentCount,
  cost: amount,
  clientMessageId: clientId,
  charge,
  revocation: anything,
});

export const messageOutcome = record<MessageOutcome>({
  messageId,
  accountId,
  revision: count,
  outcome: anything,
  code: nullable(name),
  faults: requestFaults,
  channel: nullable(name),
  attemptIndex: nullable(attemptIndex),
  attempts: list(STEP_COUNT_MAX, outcomeAttempt),
  duplicate: anything,
  extraCost: amount,
  currency: nullable(name),
  lateSuccess: anything,
  flowId: nullable(name),
  purpose: anything,
  clientMessageId: clientId,
  requestedAt: instant,
  decidedAt: instant,
});
