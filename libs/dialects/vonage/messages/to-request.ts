// A message and its failover become our request.
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import { nothingOwn, type OwnOfStep } from "#libs/contracts/own-of-step.ts";
import type { Sending } from "#libs/dialects/dialect.ts";
import { givenSender } from "#libs/dialects/given-sender.ts";
import { ownRecipient, recipientOf } from "#libs/dialects/own-recipient.ts";
import { channelOf } from "#libs/dialects/vonage/channel-names.ts";
import { parseNumber } from "#libs/phone-numbers/parse-number.ts";
import type { Account } from "#libs/settings/account.ts";
import type { MessageBody } from "./body.ts";
import type { Messages } from "./read-body.ts";
import { toContent } from "./to-content.ts";

/**
 * Each message is a step. What the first one says is the request's, and what a later one leaves out of
 * `webhook_url` and `client_ref` is the first one's.
 */
export function toRequest(
  [{ message: first }, ...others]: Messages,
  { account, messageId, now }: Sending,
): SendRequest {
  const messages = [first, ...others.map(({ message }) => message)];
  const steps = messages.map((message, index) => ({
    ...toStep(message, { isLast: index === others.length, account }),
    ...(index > 0 && ownOf(message, first)),
  }));
  return {
    messageId,
    accountId: account.accountId,
    recipient: recipientOf(numberOf(first)),
    content: toContent(first),
    steps,
    flowId: null,
    purpose: messages.some(isPromotion) ? "MARKETING" : "TRANSACTIONAL",
    scheduledAt: null,
    expiresAt: null,
    callbackUrl: first.webhook_url ?? null,
    clientMessageId: first.client_ref ?? null,
    batchId: null,
    clientBatchId: null,
    lateReports: "AMEND",
    dialect: "vonage",
    requestedAt: now,
  };
}

function isPromotion({ viber_service: viber }: MessageBody): boolean {
  return viber?.category === "promotion";
}

/** What a later message has that is not the first one's. */
function ownOf(message: MessageBody, first: MessageBody): OwnOfStep {
  const { webhook_url: callbackUrl = null, client_ref: clientMessageId = null } = message;
  const recipient = ownRecipient({ number: numberOf(message), first: numberOf(first) });
  return { content: toContent(message), recipient, callbackUrl, clientMessageId };
}

/** What is no number stays as it is, for the judge. */
function numberOf({ to }: MessageBody): string {
  return parseNumber(to, null) ?? to;
}

/**
 * A step is left by what is reported of it, and when its TTL is over; without one never by time. The
 * last has nothing to be left for.
 */
function toStep(
  message: MessageBody,
  { isLast, account }: { isLast: boolean; account: Account },
): Step {
  const { channel: name, from, viber_service: viber, ttl = viber?.ttl } = message;
  const channel = channelOf(name) ?? name;
  const isWaited = !isLast && ttl !== undefined && ttl <= WAIT_SECONDS_MAX;
  return {
    channel,
    sender: givenSender(channel, from, account),
    waitSeconds: isWaited ? ttl : null,
    wanted: "DELIVERED",
    onFailure: "NEXT",
    ttlSeconds: ttl ?? null,
    ...nothingOwn,
  };
}
