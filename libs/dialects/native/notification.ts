// A notification in our own shape.

import type { JournalEntry, SendRequest } from "#libs/contracts/generated/types.ts";
import { type Tellable, typeNames } from "#libs/dialects/dialect.ts";
import { toProblemFault } from "#libs/dialects/native/send/refuse.ts";
import { toldClientMessageId } from "#libs/dialects/told-attempt.ts";
import { showInstant } from "#libs/show-instant.ts";
import { tellStory } from "#libs/story/tell-story.ts";
import { toldSteps } from "#libs/story/told-steps.ts";
import { withoutNulls } from "#libs/without-nulls.ts";

/** The members that do not apply are left out. */
export function nativeBody(
  { id, event, index }: Tellable,
  entry: JournalEntry,
  request: SendRequest,
): string {
  const { messageId, accountId, state } = entry;
  const { batchId, clientBatchId } = request;
  const { type, at, dueAt: _dueAt, duplicate, faults, ...told } = event;
  const isOutcome = type === "MESSAGE_ENDED" || type === "OUTCOME_AMENDED";
  const data = {
    messageId,
    accountId,
    clientMessageId: toldClientMessageId(event, request),
    batchId,
    clientBatchId,
    channel: state.steps[event.attemptIndex ?? -1]?.channel,
    ...told,
    faults: faults.length === 0 ? null : faults.map(toProblemFault),
    ...(isOutcome && { duplicate, lateSuccess: state.lateSuccess }),
    text: tellStory(entry.story, toldSteps(state.steps, request))[index],
  };
  const notification = { type: typeNames[type], id, at: showInstant(at), data };
  return withoutNulls(notification);
}
