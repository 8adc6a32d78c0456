// What the world was told of a transition, or was to be told, once more: by what a journal entry has of it.
import type { JournalEntry, SendRequest, StoryEvent } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { MessageState } from "#libs/fallback/state.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { messageCosts } from "#libs/prices/message-costs.ts";
import type { Settings } from "#libs/settings/account.ts";
import { type FinalWord, outcomeRecord } from "./outcome-record.ts";
import { commandOf, recordOf } from "./records.ts";
import { isKnown } from "./transition.ts";

/**
 * The command of an attempt once more, marked as one that may have been called. `epoch`: the one that ends with this loss. Undefined
 * where there is no such attempt, or only a newer version can read the message. It is the same but for what was decided since.
 */
export function commandAgain(
  { entry, attemptIndex, epoch }: { entry: JournalEntry; attemptIndex: number; epoch: string },
  request: SendRequest,
  contracts: Contracts,
): OutgoingRecord | undefined {
  const after = entry.state;
  const attempt = after.attempts[attemptIndex];
  if (!attempt || !isKnown(after)) return undefined;
  const { startedAt: at, deadlineAt: dueAt } = attempt;
  const rule = attemptIndex === 0 ? "first-step" : "next-step";
  const event = { type: "ATTEMPT_STARTED", at, rule, attemptIndex, dueAt } as const;
  const command = commandOf(event, { entry, after, request, epoch });
  return recordOf({ ...command, mayBeCalled: true }, entry, contracts);
}

/**
 * Outcome records of an entry's story once more, those that `isWanted`. Of its last transition they are as they
 * were, if prices are as they were; of one before it they say what has become of the attempts since.
 */
export function outcomesAgain(
  { entry, isWanted }: { entry: JournalEntry; isWanted: (event: StoryEvent) => boolean },
  request: SendRequest,
  { contracts, settings }: { contracts: Contracts; settings: Settings },
): OutgoingRecord[] {
  const after = entry.state;
  if (!isKnown(after)) return [];
  const costs = messageCosts(after, request, settings.findAccount(entry.accountId));
  const telling = { request, costs: costs && { before: null, after: costs } };
  return entry.story.filter(isWanted).flatMap((event) => {
    const word = finalWord(event, after);
    return word ? [outcomeRecord(word, { entry, after }, telling, contracts)] : [];
  });
}

/** What a story keeps of a final word; undefined for any other event. */
function finalWord(event: StoryEvent, { lateSuccess }: MessageState): FinalWord | undefined {
  const { type, outcome, revision } = event;
  if (outcome === null || outcome === "UNKNOWN" || revision === null) return undefined;
  const isAmended = type === "OUTCOME_AMENDED";
  if (!isAmended && type !== "MESSAGE_ENDED") return undefined;
  return { ...event, outcome, revision, lateSuccess: isAmended && lateSuccess };
}
