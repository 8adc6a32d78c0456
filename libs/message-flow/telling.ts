// Whether a transition has anything to tell, and what that is made of.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { FallbackEvent, MessageEnded, OutcomeAmended } from "#libs/fallback/events.ts";
import { toRevoke } from "#libs/fallback/to-revoke.ts";
import { type MessageCosts, messageCosts } from "#libs/prices/message-costs.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { Moved } from "./transition.ts";

/** What the message had cost before a transition, and after it; null: nothing was charged for. */
export type CostChange = { before: MessageCosts | null; after: MessageCosts };

/** What the records of a transition are made of, beside the transition itself. */
export type Telling = { request: SendRequest; costs: CostChange | null };

/** The bytes of the request that the telling needs, where this transition did not take it itself. */
export function keptRequest(moved: Moved): Buffer | null {
  return moved.taken === null && isTold(moved) ? moved.entry.request : null;
}

/** What a transition has to tell, if anything. Without a request there is nothing to tell. */
export function tellingOf(
  moved: Moved,
  request: SendRequest | null,
  settings: Settings,
): Telling | null {
  if (!request || !isTold(moved)) return null;
  return { request, costs: costChange(moved, request, settings) };
}

/** Whether others than the journal are told of it: dispatchers or analytics. */
function isTold({ events, after }: Moved): boolean {
  return events.some(
    (event) =>
      event.type === "ATTEMPT_STARTED" || isOutcome(event) || toRevoke(event, after).length > 0,
  );
}

export function isOutcome(event: FallbackEvent): event is MessageEnded | OutcomeAmended {
  return event.type === "MESSAGE_ENDED" || event.type === "OUTCOME_AMENDED";
}

function costChange(
  { before, after, events, entry }: Moved,
  request: SendRequest,
  settings: Settings,
): CostChange | null {
  // Costs are told with an outcome; while a message runs they are nobody's final word.
  if (!events.some(isOutcome)) return null;
  const account = settings.findAccount(entry.accountId);
  const costs = messageCosts(after, request, account);
  const isAmended = before.phase === "ENDED";
  return (
    costs && { before: isAmended ? messageCosts(before, request, account) : null, after: costs }
  );
}
