// A change of status in 8x8's shape, version 9: https://developer.8x8.com/connect/reference/delivery-receipts-for-outbound-chat-apps-message
import type { JournalEntry, SendRequest } from "#libs/contracts/generated/types.ts";
import { rowStatus } from "#libs/dialects/8x8/row-status.ts";
import type { Tellable } from "./tellable.ts";

/** `step` (1 for the first channel), `final` and `flowId` are ours; the rest is 8x8's. */
export function eightByEightBody(
  { event }: Tellable,
  entry: JournalEntry,
  request: SendRequest,
): string {
  const attemptIndex = event.attemptIndex ?? 0;
  const channel = entry.state.steps[attemptIndex]?.channel ?? "";
  const { batchId, clientMessageId, clientBatchId, flowId, recipient } = request;
  const payload = {
    umid: entry.messageId,
    batchId,
    clientMessageId,
    clientBatchId,
    subAccountId: entry.accountId,
    channel,
    user: { msisdn: recipient.msisdn, channelUserId: recipient.channelUserIds[channel] },
    status: statusOf(event),
    ...(event.errorCode !== null && { [channel]: { providerErrorCode: event.errorCode } }),
    step: attemptIndex + 1,
    final: hasEnded(entry, event.at),
    flowId,
  };
  const told = {
    version: 9,
    namespace: "ChatApps",
    eventType: "outbound_message_status_changed",
    description: "ChatApps outbound message delivery receipt",
    payload,
  };
  return JSON.stringify(told, (_, value: unknown) => value ?? undefined);
}

/** As the status was when it changed, whatever has followed since. */
function statusOf({ status, errorClass, errorCode, at }: Tellable["event"]) {
  // UNREAD says that time passed; no attempt has it as its status.
  const own = status === "UNREAD" ? "UNKNOWN" : status;
  return rowStatus({ status: own, errorClass, errorCode }, at);
}

/** Whether no channel follows: the message had ended, or ended by this very status. */
function hasEnded({ story }: JournalEntry, at: number): boolean {
  return story.some((event) => event.type === "MESSAGE_ENDED" && event.at <= at);
}
