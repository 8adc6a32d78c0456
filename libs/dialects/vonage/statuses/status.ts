// What Messages v1 tells of each message of a failover: the `message-status` webhook of the OpenAPI
// document, with `workflow` (https://developer.vonage.com/en/messages/guides/failover-message) and
// `sms.count_total`.
import { createHash } from "node:crypto";
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { stepContent } from "#libs/contracts/step-content.ts";
import { bareAddress, bareNumber } from "#libs/dialects/bare-address.ts";
import type { Tellable, TellableEvent, ToldMessage } from "#libs/dialects/dialect.ts";
import { toldAttemptIndex } from "#libs/dialects/told-attempt.ts";
import { channelNameOf } from "#libs/dialects/vonage/channel-names.ts";
import { uuidAt, workflowIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { hasReached } from "#libs/fallback/words.ts";
import { showInstant } from "#libs/show-instant.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";
import { isNews } from "./is-news.ts";

/** `submitted`: a provider has it. `undeliverable` is of one that cannot be reached: here it is asked again. */
const STATUSES: ReadonlyMap<string | null, string> = new Map([
  ["ACCEPTED", "submitted"],
  ["SENT", "submitted"],
  ["DELIVERED", "delivered"],
  ["READ", "read"],
  ["REJECTED", "rejected"],
  ["FAILED", "rejected"],
  ["UNDELIVERED", "rejected"],
  ["EXPIRED", "rejected"],
]);

/** Numbers of https://developer.vonage.com/api-errors/messages: the TTL is over, any other reason. */
const [TTL_OVER, UNKNOWN] = [1360, 1330];

/**
 * Each message's statuses; that its TTL is over; of one that never started, that it was rejected. One
 * that was delivered and left unread, as another API's may be, is not rejected.
 */
export function tells(event: TellableEvent, story: readonly StoryEvent[], index: number): boolean {
  const { type, status, outcome, rule } = event;
  if (type === "STATUS_CHANGED") return STATUSES.has(status) && isNews(event, story, index);
  if (type === "ATTEMPT_LEFT") return rule === "wait-ended" && !hasReached(status);
  return type === "MESSAGE_ENDED" && outcome === "REJECTED";
}

export function statusBody({ id, event, index }: Tellable, message: ToldMessage): string {
  const { entry, request } = message;
  const attemptIndex = toldAttemptIndex(entry.story, index);
  const step = entry.state.steps[attemptIndex] ?? request.steps[attemptIndex];
  const channel = step?.channel ?? "";
  const told = event.type === "STATUS_CHANGED" ? STATUSES.get(event.status) : undefined;
  const status = told ?? "rejected";
  const { clientMessageId } = request;
  return JSON.stringify({
    message_uuid: uuidAt(entry.messageId, attemptIndex),
    to: bareAddress(request.recipient, channel),
    from: bareNumber(step?.sender ?? ""),
    timestamp: showInstant(event.at),
    channel: channelNameOf(channel),
    status,
    ...(status === "rejected" && { error: errorOf(event, id) }),
    ...(clientMessageId !== null && { client_ref: clientMessageId }),
    ...(channel === "sms" && { sms: { count_total: segmentCount(message, attemptIndex) } }),
    ...workflowOf(message, attemptIndex),
  });
}

function errorOf({ type, status, errorCode, detail, rule }: TellableEvent, id: string) {
  const number = type === "ATTEMPT_LEFT" || status === "EXPIRED" ? TTL_OVER : UNKNOWN;
  return {
    type: `https://developer.vonage.com/api-errors/messages#${number}`,
    title: number,
    detail: detail ?? errorCode ?? (number === TTL_OVER ? "TTL was activated" : rule),
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
