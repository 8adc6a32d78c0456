// The final word on a message as analytics get it: the attempts, what they cost, what came late.
import type { MessageOutcomeInit, SendRequest } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { MessageEnded, OutcomeAmended } from "#libs/fallback/events.ts";
import type { MessageState } from "#libs/fallback/state.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import type { Telling } from "./telling.ts";
import { tracing } from "./tracing.ts";
import type { Moved } from "./transition.ts";

/** A final word or its amendment. */
export type FinalWord = Pick<MessageEnded, "at" | "outcome" | "duplicate"> &
  Partial<Pick<MessageEnded, "detail" | "faults"> & Pick<OutcomeAmended, "lateSuccess">> & {
    revision: number;
  };

/** The record of a final word or of its amendment. */
export function outcomeRecord(
  event: FinalWord,
  { entry, after }: Pick<Moved, "entry" | "after">,
  { request, costs }: Telling,
  contracts: Contracts,
): OutgoingRecord {
  const gotThrough = event.outcome === "SUCCEEDED" ? after.succeededIndex : null;
  const outcome: MessageOutcomeInit = {
    messageId: entry.messageId,
    accountId: entry.accountId,
    revision: event.revision,
    outcome: event.outcome,
    code: event.detail ?? null,
    faults: event.faults ?? [],
    channel: gotThrough === null ? null : (after.steps[gotThrough]?.channel ?? null),
    attemptIndex: gotThrough,
    attempts: outcomeAttempts(after, request, costs?.after.attempts ?? []),
    duplicate: event.duplicate,
    extraCost: event.duplicate ? (costs?.after.extra ?? null) : null,
    currency: costs?.after.currency ?? null,
    lateSuccess: event.lateSuccess ?? false,
    flowId: request.flowId,
    purpose: request.purpose,
    clientMessageId: request.clientMessageId,
    requestedAt: request.requestedAt,
    decidedAt: event.at,
  };
  const value = contracts.messageOutcome.encode(outcome);
  const topic = topics.messageOutcomes.name;
  return { topic, key: entry.messageId, value, ...tracing(entry.traceparent) };
}

function outcomeAttempts(
  { attempts, steps }: MessageState,
  request: SendRequest,
  costs: readonly (number | null)[],
): MessageOutcomeInit["attempts"] {
  return attempts.map((attempt, index) => {
    const { status, errorCode, startedAt, endedAt, segmentCount, charge, revocation } = attempt;
    return {
      channel: steps[index]?.channel ?? "",
      status,
      errorCode,
      startedAt,
      endedAt,
      segmentCount,
      cost: costs[index] ?? null,
      clientMessageId: request.steps[index]?.clientMessageId ?? null,
      charge,
      revocation,
    };
  });
}
