// A notification in our own shape.
import type { JournalEntry, SendRequest } from "#libs/contracts/generated/types.ts";
import { tellStory } from "#libs/story/tell-story.ts";
import { type Tellable, typeNames } from "./tellable.ts";

/** The members that do not apply are left out. */
export function nativeBody(
  { id, event, index }: Tellable,
  entry: JournalEntry,
  request: SendRequest,
): string {
  const { messageId, accountId, state } = entry;
  const { clientMessageId, batchId, clientBatchId } = request;
  const { attemptIndex, status, errorCode, errorClass, detail, outcome, revision, rule } = event;
  const isOutcome = event.type === "MESSAGE_ENDED" || event.type === "OUTCOME_AMENDED";
  const data = {
    ...{ messageId, accountId, clientMessageId, batchId, clientBatchId },
    ...{ attemptIndex, channel: state.steps[attemptIndex ?? -1]?.channel },
    ...{ status, errorCode, errorClass, detail, outcome, revision },
    ...(isOutcome && { duplicate: event.duplicate, lateSuccess: state.lateSuccess }),
    ...{ rule, text: tellStory(entry.story, state.steps)[index] },
  };
  const at = new Date(event.at).toISOString();
  const told = { type: typeNames[event.type], id, at, data };
  return JSON.stringify(told, (_, value: unknown) => value ?? undefined);
}
