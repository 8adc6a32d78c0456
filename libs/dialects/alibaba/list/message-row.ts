// A message as `ListChatappMessage` shows it.
import type { AttemptStatus } from "#libs/contracts/generated/types.ts";
import { stepRecipient } from "#libs/contracts/own-of-step.ts";
import { templateMembers } from "#libs/dialects/alibaba/template-members.ts";
import { bareAddress, bareNumber } from "#libs/dialects/bare-address.ts";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { isFailure } from "#libs/fallback/words.ts";

/** `success` is the one word that Alibaba documents. */
const STATUSES: Readonly<Record<AttemptStatus, "sending" | "success" | "fail">> = {
  UNKNOWN: "sending",
  ACCEPTED: "sending",
  SENT: "success",
  DELIVERED: "success",
  READ: "success",
  REJECTED: "fail",
  FAILED: "fail",
  UNDELIVERED: "fail",
  EXPIRED: "fail",
};

/** The chat message itself; of the SMS that followed it only that it did, and what it said. */
export function messageRow({ entry, request }: KnownMessage) {
  const { steps, attempts, outcome } = entry.state;
  const step = steps[0] ?? request.steps[0];
  const channel = step?.channel ?? "";
  const status = outcome === "REJECTED" ? "REJECTED" : (attempts[0]?.status ?? "UNKNOWN");
  const { content } = request;
  const { Language: LanguageCode, ...template } = templateMembers(content);
  const failure = entry.story.find(({ status: told }) => isFailure(told));
  return {
    MessageId: entry.messageId,
    BusinessNumber: bareNumber(step?.sender ?? ""),
    UserNumber: bareAddress(stepRecipient(request, 0), channel),
    ChannelType: channel,
    Type: content.type === "TEMPLATE" ? "template" : "message",
    MessageType: "text",
    ...template,
    ...(LanguageCode !== undefined && { LanguageCode }),
    Message: content.text ?? "",
    MessageStatus: STATUSES[status],
    ClientReadStatus: status === "READ" ? "read" : "unread",
    FailReason: failure?.detail ?? failure?.errorCode ?? "",
    ...fallBackMembers({ entry, request }),
    SendTime: String(request.requestedAt),
  };
}

/** Whether an SMS followed, or went in the message's place. */
function fallBackMembers({ entry, request }: KnownMessage) {
  const index = entry.state.attempts.length - 1;
  const isSms = index >= 0 && entry.state.steps[index]?.channel === "sms";
  if (!isSms) return { FailBackFlag: "N" };
  return { FailBackFlag: "Y", FailBackContent: request.steps[index]?.content?.text ?? "" };
}
