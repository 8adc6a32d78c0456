// The `final-report` webhook of definitions/dispatch.yml: how a workflow ended and what it cost. Theirs
// is told once, "and may not reflect the true total cost of the workflow" if an earlier message is
// delivered after the last; ours is told again then, with that in its sum.
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import type { Tellable, ToldMessage } from "#libs/dialects/dialect.ts";
import { uuidAt, workflowIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { statusWord } from "#libs/dialects/vonage/status-word.ts";
import { hasReached } from "#libs/fallback/words.ts";
import { showInstant } from "#libs/show-instant.ts";
import { typeOf } from "../channels.ts";
import { costsAt, statusesAt } from "./standing.ts";
import { usageOf } from "./usage.ts";

/** The end, and news after it that change what the workflow came to or what it costs. */
export function tellsReport(story: readonly StoryEvent[], index: number): boolean {
  const type = story[index]?.type;
  if (type === "MESSAGE_ENDED" || type === "OUTCOME_AMENDED") return true;
  return type === "STATUS_CHANGED" && isLateCharge(story, index);
}

/**
 * A message is charged when a provider takes it or when it is delivered. One of which either is first
 * heard after the end costs something that no report has told yet, unless what follows amends the
 * outcome, which is told with it.
 */
function isLateCharge(story: readonly StoryEvent[], index: number): boolean {
  const before = story.slice(0, index);
  const event = story[index];
  if (!event || !before.some(({ type }) => type === "MESSAGE_ENDED")) return false;
  if (story[index + 1]?.type === "OUTCOME_AMENDED") return false;
  const known = before.findLast(
    ({ type, attemptIndex }) => type === "STATUS_CHANGED" && attemptIndex === event.attemptIndex,
  );
  const wasTaken = known !== undefined && known.status !== "REJECTED";
  const isDelivery = hasReached(event.status) && !hasReached(known?.status ?? null);
  return isDelivery || (!wasTaken && event.status !== "REJECTED");
}

export function finalReport({ event, index }: Tellable, message: ToldMessage): string {
  const { messageId, story } = message.entry;
  const costs = costsAt(message, index);
  const amendments = story.slice(0, index + 1).filter((_, place) => tellsReport(story, place));
  return JSON.stringify({
    dispatch_uuid: workflowIdOf(messageId),
    template: "failover",
    status: outcomeAt(story, index) === "SUCCEEDED" ? "completed" : "error",
    timestamp: showInstant(event.at),
    ...(costs && { usage: usageOf(costs.total, costs.currency) }),
    // The first is as Vonage's.
    ...(amendments.length > 1 && { revision: amendments.length }),
    _links: { messages: messagesAt(message, index) },
  });
}

function outcomeAt(story: readonly StoryEvent[], index: number) {
  return story.slice(0, index + 1).findLast(({ outcome }) => outcome !== null)?.outcome;
}

function messagesAt(message: ToldMessage, index: number) {
  const { messageId, state, story } = message.entry;
  const [statuses, costs] = [statusesAt(message.entry, index), costsAt(message, index)];
  return state.attempts.map((_, attemptIndex) => {
    const message_uuid = uuidAt(messageId, attemptIndex);
    const cost = costs?.attempts[attemptIndex] ?? null;
    return {
      message_uuid,
      href: message_uuid,
      channel: typeOf(state.steps[attemptIndex]?.channel ?? ""),
      ...(costs && cost !== null && { usage: usageOf(cost, costs.currency) }),
      status: statusWord(statuses[attemptIndex] ?? null, story, { attemptIndex, index }),
    };
  });
}
