// What Messages v1 tells of each message of a failover: the `message-status` webhook of the OpenAPI
// document, with `workflow` (https://developer.vonage.com/en/messages/guides/failover-message) and
// `sms.count_total`.
import { createHash } from "node:crypto";
import { stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import { bareAddress, bareNumber } from "#libs/dialects/bare-address.ts";
import type { Tellable, TellableEvent, ToldMessage } from "#libs/dialects/dialect.ts";
import { lastStatus, toldAttemptIndex, toldClientMessageId } from "#libs/dialects/told-attempt.ts";
import { channelNameOf } from "#libs/dialects/vonage/channel-names.ts";
import { deliveryError } from "#libs/dialects/vonage/delivery-error.ts";
import { errorUrl } from "#libs/dialects/vonage/error-list.ts";
import { uuidAt, workflowIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import {
  type Place,
  type Story,
  statusWord,
  tellsStatus,
} from "#libs/dialects/vonage/status-word.ts";
import { hasReached, isFailure } from "#libs/fallback/words.ts";
import { showInstant } from "#libs/show-instant.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";

const FAILURES: ReadonlySet<string> = new Set(["rejected", "undeliverable"]);

/**
 * Each message's statuses; that its TTL is over; that it was rejected where all ended without a final
 * word on it, as of one that was canceled or never started. One that was delivered and left unread, as
 * another API's may be, is not rejected.
 */
export function tells(event: TellableEvent, story: Story, index: number): boolean {
  const { type, status, outcome, rule } = event;
  if (type === "ATTEMPT_LEFT") return rule === "wait-ended" && !hasReached(status);
  if (type === "MESSAGE_ENDED") return outcome !== "SUCCEEDED" && !isFinal(story.slice(0, index));
  return tellsStatus(event, story, index);
}

function isFinal(before: Story): boolean {
  const status = lastStatus(before);
  return hasReached(status) || isFailure(status);
}

export function statusBody({ id, event, index }: Tellable, message: ToldMessage): string {
  const { entry, request } = message;
  const attemptIndex = toldAttemptIndex(entry.story, index);
  const step = entry.state.steps[attemptIndex] ?? request.steps[attemptIndex];
  const channel = step?.channel ?? "";
  const status = statusOf(event, entry.story, { attemptIndex, index });
  const clientMessageId = toldClientMessageId(event, request);
  return JSON.stringify({
    message_uuid: uuidAt(entry.messageId, attemptIndex),
    to: bareAddress(stepRecipient(request, attemptIndex), channel),
    from: bareNumber(step?.sender ?? ""),
    timestamp: showInstant(event.at),
    channel: channelNameOf(channel),
    status,
    ...(FAILURES.has(status) && {
      error: errorOf(entry.story, { id, channel, attemptIndex, index }),
    }),
    ...(clientMessageId !== null && { client_ref: clientMessageId }),
    ...(channel === "sms" && { sms: { count_total: segmentCount(message, attemptIndex) } }),
    ...workflowOf(message, attemptIndex),
  });
}

/** What was left in silence, ended in it, or never started, is rejected. */
function statusOf({ type, status }: TellableEvent, story: Story, place: Place): string {
  return type === "STATUS_CHANGED" ? statusWord(status, story, place) : "rejected";
}

type Failure = Place & { id: string; channel: string };

function errorOf(story: Story, { id, ...failure }: Failure) {
  const { number, words } = deliveryError(story, failure);
  return {
    type: errorUrl(number),
    // A text, by the document.
    title: String(number),
    detail: words,
    instance: createHash("sha256").update(id).digest("hex").slice(0, 32),
  };
}

/** Absent for a message without a failover. */
function workflowOf({ entry, request }: ToldMessage, attemptIndex: number) {
  const { length } = request.steps;
  if (length < 2) return {};
  const [items_number, items_total] = [String(attemptIndex + 1), String(length)];
  return { workflow: { id: workflowIdOf(entry.messageId), items_number, items_total } };
}

function segmentCount({ request }: ToldMessage, attemptIndex: number): string {
  const { text, encoding } = contentSms(stepContent(request, attemptIndex));
  const measured = measureSms(text ?? "", encoding);
  return String("unencodable" in measured ? 1 : measured.segmentCount);
}
