// What Infobip's Messages API tells of a message: one delivery report when it ends, another when late
// news amends that, and a seen report.
import type { Outcome, StoryEvent } from "#libs/contracts/generated/types.ts";
import { stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import { bareAddress } from "#libs/dialects/bare-address.ts";
import type { Tellable, TellableEvent, ToldMessage } from "#libs/dialects/dialect.ts";
import { channelNameOf } from "#libs/dialects/infobip/channel-names.ts";
import { noError, type Status, statuses, unknownError } from "#libs/dialects/infobip/statuses.ts";
import { toldAttemptIndex, toldClientMessageId } from "#libs/dialects/told-attempt.ts";
import { showInstant } from "#libs/show-instant.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";

const STATUSES: Readonly<Record<Outcome, Status>> = {
  UNKNOWN: statuses.unknown,
  SUCCEEDED: statuses.delivered,
  EXHAUSTED: statuses.notDelivered,
  UNCONFIRMED: statuses.unknown,
  EXPIRED: statuses.expired,
  CANCELED: statuses.notSent,
  REJECTED: statuses.invalid,
};

export function tells({ type, status }: TellableEvent): boolean {
  if (type === "STATUS_CHANGED") return status === "READ";
  return type === "MESSAGE_ENDED" || type === "OUTCOME_AMENDED";
}

export function report({ event, index }: Tellable, message: ToldMessage): string {
  const { story } = message.entry;
  const attemptIndex = toldAttemptIndex(story, index);
  const shared = sharedMembers(message, { event, attemptIndex });
  const result =
    event.type === "STATUS_CHANGED"
      ? { event: "SEEN", ...shared, seenAt: instant(event.at) }
      : {
          event: "DELIVERY",
          ...shared,
          doneAt: instant(event.at),
          messageCount: messageCount(message, attemptIndex, shared.channel),
          status: STATUSES[event.outcome ?? "UNKNOWN"],
          error: errorOf(event, story.slice(0, index)),
        };
  return JSON.stringify({ results: [result] });
}

type Told = { event: TellableEvent; attemptIndex: number };

function sharedMembers({ entry, request }: ToldMessage, { event, attemptIndex }: Told) {
  const { clientBatchId, batchId, requestedAt } = request;
  // A request that was refused took no steps.
  const step = entry.state.steps[attemptIndex] ?? request.steps[attemptIndex];
  const channel = step?.channel ?? "";
  return {
    channel: channelNameOf(channel),
    sender: step?.sender ?? "",
    destination: bareAddress(stepRecipient(request, attemptIndex), channel),
    bulkId: clientBatchId ?? batchId ?? entry.messageId,
    messageId: toldClientMessageId(event, request) ?? entry.messageId,
    sentAt: instant(entry.state.attempts[attemptIndex]?.startedAt ?? requestedAt),
  };
}

/** Parts of an SMS; anything else is one. */
function messageCount({ request }: ToldMessage, attemptIndex: number, channel: string): number {
  if (channel !== "SMS") return 1;
  const { text, encoding } = contentSms(stepContent(request, attemptIndex));
  const measured = measureSms(text ?? "", encoding);
  return "unencodable" in measured ? 1 : measured.segmentCount;
}

/** The last failure before; a message that ended for another reason has met none. */
function errorOf({ outcome }: StoryEvent, before: readonly StoryEvent[]) {
  if (outcome === "SUCCEEDED") return noError;
  const failure = before.findLast(({ errorClass }) => errorClass !== null);
  if (!failure) return unknownError(null, outcome === "REJECTED");
  return unknownError(failure.detail ?? failure.errorCode, failure.errorClass !== "TEMPORARY");
}

/** Infobip's form: an offset in place of `Z`. */
function instant(at: number): string {
  return showInstant(at).replace("Z", "+0000");
}
