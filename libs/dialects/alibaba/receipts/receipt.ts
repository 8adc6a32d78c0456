// What Alibaba tells of a message: `ChatAppStatus`, in an array as its HTTP callbacks have it.
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import { templateMembers } from "#libs/dialects/alibaba/template-members.ts";
import { bareAddress, bareNumber } from "#libs/dialects/bare-address.ts";
import type { Tellable, TellableEvent, ToldMessage } from "#libs/dialects/dialect.ts";
import { lastStatus, toldAttemptIndex } from "#libs/dialects/told-attempt.ts";
import { templateName } from "#libs/settings/account.ts";
import { tellStory } from "#libs/story/tell-story.ts";
import { toldSteps } from "#libs/story/told-steps.ts";

/** Alibaba has no word for what a channel has taken but not sent. */
const STATUSES: Readonly<Record<string, string>> = {
  SENT: "Sent",
  DELIVERED: "Delivered",
  READ: "Read",
  REJECTED: "Failed",
  FAILED: "Failed",
  UNDELIVERED: "Failed",
  EXPIRED: "Failed",
};

/**
 * Of each step its statuses; that the message failed where it ended without one of its last step, as a
 * cancelled one does: nothing else would say that no more comes.
 */
export function tells(
  { type, status, outcome }: TellableEvent,
  story: readonly StoryEvent[],
  index: number,
): boolean {
  if (type === "STATUS_CHANGED") return Object.hasOwn(STATUSES, status ?? "");
  if (type !== "MESSAGE_ENDED" || outcome === "SUCCEEDED") return false;
  return !Object.hasOwn(STATUSES, lastStatus(story.slice(0, index)) ?? "");
}

export function receipt({ event, index }: Tellable, message: ToldMessage): string {
  const { entry, request } = message;
  const attemptIndex = toldAttemptIndex(entry.story, index);
  const step = entry.state.steps[attemptIndex] ?? request.steps[attemptIndex];
  const channel = step?.channel ?? "";
  const To = bareAddress(stepRecipient(request, attemptIndex), channel);
  const From = bareNumber(step?.sender ?? "");
  const Status = STATUSES[event.status ?? ""] ?? "Failed";
  const told = {
    MessageId: entry.messageId,
    From,
    To,
    Timestamp: event.at,
    Status,
    StatusDescription: `The message by ${channel} is ${Status.toLowerCase()}.`,
    ...(Status === "Failed" && errorOf({ event, index }, message)),
    ...contentMembers(message, attemptIndex),
    Type: "none",
    TaskId: request.clientBatchId ?? entry.messageId,
    OriginPhoneNumber: From,
    ChannelType: channel,
  };
  return JSON.stringify([told]);
}

function errorOf(
  { event, index }: Pick<Tellable, "event" | "index">,
  { entry, request }: ToldMessage,
) {
  const { errorCode, detail, rule } = event;
  const told = () => tellStory(entry.story, toldSteps(entry.state.steps, request))[index];
  return { ErrorCode: errorCode ?? rule, ErrorDescription: detail ?? told() ?? "" };
}

function contentMembers({ request, templates }: ToldMessage, attemptIndex: number) {
  const template = templateMembers(stepContent(request, attemptIndex));
  const { TemplateName: name, Language: language } = template;
  if (name === undefined || language === undefined) return { MsgFrameType: "message" };
  const category = templates.get(templateName({ name, language }))?.category;
  return {
    MsgFrameType: "template",
    ...template,
    ...(category !== undefined && { ConversationType: category }),
  };
}
