// The `message-status` webhook of definitions/dispatch.yml: what became of one message of a workflow.
import { stepRecipient } from "#libs/contracts/own-of-step.ts";
import { bareAddress, bareNumber } from "#libs/dialects/bare-address.ts";
import type { Tellable, TellableEvent, ToldMessage } from "#libs/dialects/dialect.ts";
import { toldAttemptIndex } from "#libs/dialects/told-attempt.ts";
import { deliveryError, type Failure } from "#libs/dialects/vonage/delivery-error.ts";
import { uuidAt, workflowIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { type Place, type Story, statusWord } from "#libs/dialects/vonage/status-word.ts";
import { isFailure } from "#libs/fallback/words.ts";
import { showInstant } from "#libs/show-instant.ts";
import { senderMember, typeOf } from "../channels.ts";
import { costsAt } from "./standing.ts";
import { usageOf } from "./usage.ts";

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
    to: { type, number: bareAddress(stepRecipient(request, attemptIndex), channel) },
    from: { type, [senderMember(channel)]: bareNumber(step?.sender ?? "") },
    timestamp: showInstant(event.at),
    status: statusWord(event.status, story, { attemptIndex, index }),
    ...errorOf(event, story, { channel, attemptIndex, index }),
    ...chargeOf(message, { attemptIndex, index }),
    _links: { workflow: { dispatch_uuid, href: `/workflows/${dispatch_uuid}` } },
  });
}

function errorOf(event: TellableEvent, story: Story, failure: Failure) {
  if (!isFailure(event.status)) return {};
  const { number, words } = deliveryError(story, failure);
  return { error: { code: number, reason: words } };
}

/** Once the message is charged. */
function chargeOf(message: ToldMessage, { attemptIndex, index }: Place) {
  const costs = costsAt(message, index);
  const amount = costs?.attempts[attemptIndex] ?? 0;
  return costs && amount > 0 ? { usage: usageOf(amount, costs.currency) } : {};
}
