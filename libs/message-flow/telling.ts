// Whether a transition has anything to tell, and what that is made of.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type {
  AttemptStarted,
  FallbackEvent,
  MessageEnded,
  OutcomeAmended,
} from "#libs/fallback/events.ts";
import { type MessageCosts, messageCosts } from "#libs/prices/message-costs.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { Moved } from "./transition.ts";

/** What the message had cost before a transition, and after it; null: nothing was charged for. */
export type CostChange = { before: MessageCosts | null; after: MessageCosts };

/** What the records of a transition are made of, beside the transition itself. */
export type Telling = { request: SendRequest; costs: CostChange | null };

/** The bytes of the request that the telling needs, where this transition did not take it itself. */
export function keptRequest({ events, entry, taken }: Moved): Buffer | null {
  return taken === null && events.some(isTold) ? entry.request : null;
}

/** What a transition has to tell, if anything. Without a request there is nothing to tell. */
export function tellingOf(
  moved: Moved,
  request: SendRequest | null,
  settings: Settings,
): Telling | null {
  if (!request || !moved.events.some(isTold)) return null;
  return { request, costs: costChange(moved, request, settings) };
}

/** An event that others than the journal are told of. */
export function isTold(
  event: FallbackEvent,
): event is AttemptStarted | MessageEnded | OutcomeAmended {
  const { type } = event;
  return type === "ATTEMPT_STARTED" || type === "MESSAGE_ENDED" || type === "OUTCOME_AMENDED";
}

function costChange(
  { before, after, events, entry }: Moved,
  request: SendRequest,
  settings: Settings,
): CostChange | null {
  // Costs are told with an outcome; while a message runs they are nobody's final word.
  if (events.every(({ type }) => type !== "MESSAGE_ENDED" && type !== "OUTCOME_AMENDED"))
    return null;
  const account = settings.findAccount(entry.accountId);
  const costs = messageCosts(after, request, account);
  const isAmended = before.phase === "ENDED";
  return (
    costs && { before: isAmended ? messageCosts(before, request, account) : null, after: costs }
  );
}
