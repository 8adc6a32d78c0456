// A change of status in 8x8's shape, version 9: https://developer.8x8.com/connect/reference/delivery-receipts-for-outbound-chat-apps-message
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { stepRecipient } from "#libs/contracts/own-of-step.ts";
import type { Tellable, ToldMessage } from "#libs/dialects/dialect.ts";
import { toldAttemptIndex, toldClientMessageId } from "#libs/dialects/told-attempt.ts";
import { hasStatus, statusOf } from "./event-status.ts";
import { whatsAppMembers } from "./whatsapp-members.ts";

/** `step` (1 for the first channel), `nextChannel`, `final` and `flowId` are ours; the rest is 8x8's. */
export function eightByEightBody({ event, index }: Tellable, message: ToldMessage): string {
  const { entry, request } = message;
  const { steps } = entry.state;
  const attemptIndex = toldAttemptIndex(entry.story, index);
  // A refused request may have named no channel.
  const channel = (steps[attemptIndex] ?? request.steps[attemptIndex])?.channel;
  const { batchId, clientBatchId, flowId } = request;
  const recipient = stepRecipient(request, attemptIndex);
  const consequences = consequencesOf(entry.story, index);
  const started = consequences.find(({ type }) => type === "ATTEMPT_STARTED");
  const payload = present({
    umid: entry.messageId,
    batchId,
    clientMessageId: toldClientMessageId(event, request),
    clientBatchId,
    subAccountId: entry.accountId,
    channel,
    user: present({
      msisdn: recipient.msisdn,
      channelUserId: recipient.channelUserIds[channel ?? ""],
    }),
    status: statusOf(entry, index),
    ...(channel === "whatsapp" && whatsAppMembers({ event, attemptIndex }, message)),
    step: attemptIndex + 1,
    nextChannel: started && steps[started.attemptIndex ?? -1]?.channel,
    final: [...entry.story.slice(0, index), ...consequences].some(isEnd),
    flowId,
  });
  return JSON.stringify({
    version: 9,
    namespace: "ChatApps",
    eventType: "outbound_message_status_changed",
    description: "ChatApps outbound message delivery receipt",
    payload,
  });
}

/** Members without a value are absent: generated clients are strict about them. */
function present(members: object): object {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => (value ?? null) !== null),
  );
}

/** The event and what was decided with it: the rest up to the next one that is told. */
function consequencesOf(story: readonly StoryEvent[], index: number): StoryEvent[] {
  const next = story.findIndex((event, at) => at > index && hasStatus(event));
  const at = story[index]?.at;
  return story.slice(index, next < 0 ? undefined : next).filter((event) => event.at === at);
}

function isEnd({ type }: StoryEvent): boolean {
  return type === "MESSAGE_ENDED";
}
