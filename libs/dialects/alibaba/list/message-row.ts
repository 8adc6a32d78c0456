// A message as `ListChatappMessage` shows it.
import type { AttemptStatus, JournalEntry } from "#libs/contracts/generated/types.ts";
import { stepRecipient } from "#libs/contracts/own-of-step.ts";
import { templateMembers } from "#libs/dialects/alibaba/template-members.ts";
import { bareAddress, bareNumber } from "#libs/dialects/bare-address.ts";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { isFailure } from "#libs/fallback/words.ts";
import { tellStory } from "#libs/story/tell-story.ts";
import { toldSteps } from "#libs/story/told-steps.ts";

/** `success` is the one word that Alibaba documents. */
type Status = "sending" | "success" | "fail";

const STATUSES: Readonly<Record<AttemptStatus, Status>> = {
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
  const { steps } = entry.state;
  const step = steps[0] ?? request.steps[0];
  const channel = step?.channel ?? "";
  const status = statusOf(entry);
  const { content } = request;
  const { Language: LanguageCode, ...template } = templateMembers(content);
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
    MessageStatus: status,
    ClientReadStatus: entry.state.attempts[0]?.status === "READ" ? "read" : "unread",
    FailReason: status === "fail" ? failReason({ entry, request }) : "",
    ...fallBackMembers({ entry, request }),
    SendTime: String(request.requestedAt),
  };
}

/**
 * What has ended goes on no more: without a word that it was sent it is `fail`, as a cancelled one is,
 * and one of which nobody said anything. Late news makes it `success`.
 */
function statusOf({ state }: JournalEntry): Status {
  const { phase, attempts, succeededIndex } = state;
  const told = STATUSES[attempts[0]?.status ?? "UNKNOWN"];
  if (told !== "sending" || phase !== "ENDED") return told;
  return succeededIndex === 0 ? "success" : "fail";
}

/** The carrier's words, else the story's on what ended it. */
function failReason({ entry: { story, state }, request }: KnownMessage): string {
  const failure = story.find(({ attemptIndex, status }) => attemptIndex === 0 && isFailure(status));
  const said = failure?.detail ?? failure?.errorCode;
  if (said !== undefined && said !== null) return said;
  const end = story.findIndex(({ type }) => type === "ATTEMPT_LEFT" || type === "MESSAGE_ENDED");
  return tellStory(story, toldSteps(state.steps, request))[end] ?? "";
}

/** Whether an SMS followed, or went in the message's place. */
function fallBackMembers({ entry, request }: KnownMessage) {
  const index = entry.state.attempts.length - 1;
  const isSms = index >= 0 && entry.state.steps[index]?.channel === "sms";
  if (!isSms) return { FailBackFlag: "N" };
  return { FailBackFlag: "Y", FailBackContent: request.steps[index]?.content?.text ?? "" };
}
