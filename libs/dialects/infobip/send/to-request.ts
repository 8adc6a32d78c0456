// One destination of a message becomes our request.
import type { Recipient, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { type ChannelName, channelOf } from "#libs/dialects/infobip/channel-names.ts";
import { textContent } from "#libs/dialects/text-content.ts";
import { parseInstant } from "#libs/judgement/parse-instant.ts";
import { parseNumber } from "#libs/phone-numbers/parse-number.ts";
import type { ContentBody, DestinationBody, MessageBody, ValidityPeriod } from "./body.ts";

/** Infobip's longest: a longer one is taken for it, and it is what holds where none is given. */
const VALIDITY_SECONDS_MAX = 48 * 3_600;
const UNIT_SECONDS = { SECONDS: 1, MINUTES: 60, HOURS: 3_600 } as const;

export type Sending = {
  accountId: string;
  /** When the request came, epoch ms. */
  now: number;
  batchId: string;
  bulkId: string | null;
  sendAt: string | undefined;
};

/** The request for one destination of a message that Infobip's schema has passed. */
export function toRequest(
  message: MessageBody,
  destination: DestinationBody & { id: string },
  { accountId, now, batchId, bulkId, sendAt }: Sending,
): SendRequest {
  return {
    messageId: destination.id,
    accountId,
    recipient: toRecipient(destination),
    content: textContent(message.content.body.text),
    steps: toSteps(message),
    flowId: null,
    purpose: "TRANSACTIONAL",
    scheduledAt: sendAt === undefined ? null : parseInstant(sendAt),
    expiresAt: null,
    callbackUrl: message.webhooks?.delivery?.url ?? null,
    clientMessageId: destination.messageId ?? null,
    batchId,
    clientBatchId: bulkId,
    lateReports: "AMEND",
    dialect: "infobip",
    requestedAt: now,
  };
}

/** A person whom every channel reaches under one number has that; another has an id on each. */
function toRecipient({ to, byChannel = [] }: DestinationBody): Recipient {
  const addresses = byChannel.map((each) => [channelOf(each.channel), numberOf(each.to)] as const);
  const known = new Set(
    to === undefined ? addresses.map(([, address]) => address) : [numberOf(to)],
  );
  const [only = null] = known;
  return known.size === 1
    ? { msisdn: only, country: null, channelUserIds: {} }
    : { msisdn: null, country: null, channelUserIds: Object.fromEntries(addresses) };
}

/** What is no number stays as it is, for the judge. */
function numberOf(address: string): string {
  return parseNumber(address, null) ?? address;
}

type Way = {
  channel: ChannelName;
  sender?: string;
  validityPeriod?: ValidityPeriod | undefined;
  content?: ContentBody;
};

/** What of a message says which ways it goes. */
export type FailoverBody = Pick<MessageBody, "channel" | "sender" | "options" | "failover">;

/** A step is left when its validity period ends, which the provider is told too; the last is not. */
export function toSteps({ channel, sender, options, failover = [] }: FailoverBody): Step[] {
  const first = { channel, ...(sender !== undefined && { sender }) };
  const ways: Way[] = [{ ...first, validityPeriod: options?.validityPeriod }, ...failover];
  return ways.map((way, index) => {
    const ttlSeconds = secondsOf(way.validityPeriod);
    const isLast = index === ways.length - 1;
    return {
      channel: channelOf(way.channel),
      sender: way.sender ?? null,
      waitSeconds: isLast ? null : (ttlSeconds ?? VALIDITY_SECONDS_MAX),
      wanted: "DELIVERED",
      onFailure: "NEXT",
      ttlSeconds,
      ...nothingOwn,
      content: way.content ? textContent(way.content.body.text) : null,
    };
  });
}

function secondsOf(period: ValidityPeriod | undefined): number | null {
  if (!period) return null;
  return Math.min(period.amount * UNIT_SECONDS[period.timeUnit], VALIDITY_SECONDS_MAX);
}
