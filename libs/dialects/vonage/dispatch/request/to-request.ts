// The items of a workflow become the steps of our request.
import type { Content, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import type { Sending } from "#libs/dialects/dialect.ts";
import { givenSender } from "#libs/dialects/given-sender.ts";
import { ownRecipient, recipientOf } from "#libs/dialects/own-recipient.ts";
import { textContent } from "#libs/dialects/text-content.ts";
import { mediaContent, templateContent } from "#libs/dialects/vonage/content.ts";
import { parseNumber } from "#libs/phone-numbers/parse-number.ts";
import type { Account } from "#libs/settings/account.ts";
import { dispatchChannels, senderMember } from "../channels.ts";
import type { Item } from "./body.ts";

export const WANTED = { delivered: "DELIVERED", read: "READ" } as const;

/** Each item is a step. What the first says, to whom it does, is the request's. */
export function toRequest(
  items: readonly Item[],
  { account, messageId, now }: Sending,
): SendRequest {
  const [number = ""] = items.map(numberOf);
  const [content = textContent("")] = items.map(({ message }) => toContent(message));
  const steps = items.map((item, index) => ({
    ...toStep(item, account),
    content: index === 0 ? null : toContent(item.message),
    recipient: ownRecipient({ number: numberOf(item), first: number }),
  }));
  return {
    messageId,
    accountId: account.accountId,
    recipient: recipientOf(number),
    content,
    steps,
    flowId: null,
    purpose: items.some(isPromotion) ? "MARKETING" : "TRANSACTIONAL",
    scheduledAt: null,
    expiresAt: null,
    callbackUrl: null,
    clientMessageId: null,
    batchId: null,
    clientBatchId: null,
    lateReports: "AMEND",
    dialect: "vonage-dispatch",
    requestedAt: now,
  };
}

function isPromotion({ message }: Item): boolean {
  return message.viber_service_msg?.category === "promotion";
}

/** An item waits from when it is sent; the last for nothing, and is done when it is delivered. */
function toStep({ to, from, message, failover }: Item, account: Account): Step {
  const { channel } = dispatchChannels[to.type];
  return {
    channel,
    sender: givenSender(channel, from[senderMember(channel)] ?? "", account),
    waitSeconds: failover?.expiry_time ?? null,
    wanted: WANTED[failover?.condition_status ?? "delivered"],
    onFailure: "NEXT",
    ttlSeconds: message.viber_service_msg?.ttl ?? null,
    ...nothingOwn,
  };
}

/** What is no number stays as it is, for the judge. */
function numberOf({ to: { number = "" } }: Item): string {
  return parseNumber(number, null) ?? number;
}

function toContent({ content, whatsapp }: Item["message"]): Content {
  const { type, text = "" } = content;
  if (type === "text") return textContent(text);
  if (type !== "template") return mediaContent(type, content[type] ?? { url: "" });
  const { name = "", parameters = [] } = content.template ?? {};
  return templateContent({
    name,
    locale: whatsapp?.locale ?? "",
    parameters: parameters.map((parameter) => parameter.default),
  });
}
