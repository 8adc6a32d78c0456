// The `message-status` webhook of definitions/dispatch.yml: what became of one message of a workflow.
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { bareAddress, bareNumber } from "#libs/dialects/bare-address.ts";
import type { Tellable, TellableEvent, ToldMessage } from "#libs/dialects/dialect.ts";
import { toldAttemptIndex } from "#libs/dialects/told-attempt.ts";
import { uuidAt, workflowIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { isNews } from "#libs/dialects/vonage/statuses/is-news.ts";
import { showInstant } from "#libs/show-instant.ts";
import { senderMember, typeOf } from "../channels.ts";
import { costsAt } from "./standing.ts";
import { usageOf } from "./usage.ts";
import { statusWord } from "./words.ts";

/** Whatever is reported of a message. */
export function tellsStatus(
  event: TellableEvent,
  story: readonly StoryEvent[],
  index: number,
): boolean {
  return event.type === "STATUS_CHANGED" && isNews(event, story, index);
}

export function messageStatus({ event, index }: Tellable, message: ToldMessage): string {
  const { entry, request } = message;
  const { messageId, story, state } = entry;
  const attemptIndex = toldAttemptIndex(story, index);
  const step = state.steps[attemptIndex] ?? request.steps[attemptIndex];
  const channel = step?.channel ?? "";
  const type = typeOf(channel);
  const dispatch_uuid = workflowIdOf(messageId);
  return JSON.stringify({
    message_uuid: uuidAt(messageId, attemptIndex),
    to: { type, number: bareAddress(request.recipient, channel) },
    from: { type, [senderMember(channel)]: bareNumber(step?.sender ?? "") },
    timestamp: showInstant(event.at),
    status: statusWord(event.status),
    ...errorOf(event),
    ...chargeOf(message, { attemptIndex, index }),
    _links: { workflow: { dispatch_uuid, href: `/workflows/${dispatch_uuid}` } },
  });
}

/** Of https://developer.vonage.com/api-errors/messages: the TTL was over; whatever else. */
const [TTL_OVER, UNKNOWN] = [1360, 1330];

/** `reason`: the carrier's words, else its code. */
function errorOf({ errorClass, errorCode, detail, status }: TellableEvent) {
  if (errorClass === null && status !== "EXPIRED") return {};
  const code = status === "EXPIRED" ? TTL_OVER : UNKNOWN;
  return { error: { code, reason: detail ?? errorCode ?? "Unknown" } };
}

type Place = { attemptIndex: number; index: number };

/** Once the message is charged. */
function chargeOf(message: ToldMessage, { attemptIndex, index }: Place) {
  const costs = costsAt(message, index);
  const amount = costs?.attempts[attemptIndex] ?? 0;
  return costs && amount > 0 ? { usage: usageOf(amount, costs.currency) } : {};
}
