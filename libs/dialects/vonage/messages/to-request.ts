// A message and its failover become our request.
import type { Content, Recipient, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import type { Sending } from "#libs/dialects/dialect.ts";
import { givenSender } from "#libs/dialects/given-sender.ts";
import { textContent } from "#libs/dialects/text-content.ts";
import { VonageError } from "#libs/dialects/vonage/api-error.ts";
import { channelOf } from "#libs/dialects/vonage/channel-names.ts";
import { toTemplate } from "#libs/dialects/vonage/template.ts";
import { isE164, parseNumber } from "#libs/phone-numbers/parse-number.ts";
import type { Account } from "#libs/settings/account.ts";
import type { MessageBody } from "./body.ts";
import { type Placed, pathOf } from "./read-body.ts";

const ENCODINGS = { auto: "AUTO", text: "GSM", unicode: "UNICODE" } as const;

/**
 * Each message is a step that says its own. Throws VonageError for two messages that say of one
 * request what it can have only one of.
 */
export function toRequest(messages: readonly Placed[], sending: Sending): SendRequest {
  const { account, messageId, now } = sending;
  const steps = messages.map(({ message }, index) => {
    return toStep(message, { isLast: index === messages.length - 1, account });
  });
  return {
    messageId,
    accountId: account.accountId,
    recipient: toRecipient(messages),
    content: steps[0]?.content ?? textContent(""),
    steps: steps.map((step, index) => (index === 0 ? { ...step, content: null } : step)),
    flowId: null,
    purpose: messages.some(isPromotion) ? "MARKETING" : "TRANSACTIONAL",
    scheduledAt: null,
    expiresAt: null,
    callbackUrl: sharedBy(messages, "webhook_url"),
    clientMessageId: sharedBy(messages, "client_ref"),
    batchId: null,
    clientBatchId: null,
    lateReports: "AMEND",
    dialect: "vonage",
    requestedAt: now,
  };
}

function isPromotion({ message }: Placed): boolean {
  return message.viber_service?.category === "promotion";
}

/** Told once for the whole failover: what a later message leaves out is the first one's. */
function sharedBy(
  messages: readonly Placed[],
  member: "webhook_url" | "client_ref",
): string | null {
  const shared = messages[0]?.message[member] ?? null;
  const odd = messages.find(({ message }) => (message[member] ?? shared) !== shared);
  if (!odd) return shared;
  const reason = "must be that of the first message, or be left out";
  throw new VonageError("params", {
    invalidParameters: [{ name: pathOf(odd.place, member), reason }],
  });
}

/** One number is the person's on every channel; of several each is one channel's. */
function toRecipient(messages: readonly Placed[]): Recipient {
  const ways = messages.map(({ message: { channel, to }, place }) => {
    return { channel: channelOf(channel) ?? channel, address: parseNumber(to, null) ?? to, place };
  });
  const [only = null, ...others] = new Set(ways.map(({ address }) => address));
  if (others.length === 0) return { msisdn: only, country: null, channelUserIds: {} };
  refuseOther(ways);
  const byChannel = new Map<string, string>();
  for (const { channel, address, place } of ways) {
    const known = byChannel.get(channel) ?? address;
    byChannel.set(channel, address);
    if (known === address) continue;
    const reason = "must be that of the other message of its channel";
    throw new VonageError("recipient", {
      invalidParameters: [{ name: pathOf(place, "to"), reason }],
    });
  }
  return { msisdn: null, country: null, channelUserIds: Object.fromEntries(byChannel) };
}

/** Whoever has several numbers has no other addresses among them, which a channel might take for an id. */
function refuseOther(ways: readonly { address: string; place: string }[]): void {
  const others = ways.filter(({ address }) => !isE164(address));
  if (others.length === 0) return;
  const reason = "must be a phone number with its country's code";
  throw new VonageError("recipient", {
    invalidParameters: others.map(({ place }) => ({ name: pathOf(place, "to"), reason })),
  });
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
    content: toContent(message),
  };
}

function toContent({ text, template, whatsapp, sms }: MessageBody): Content {
  if (!template || !whatsapp) {
    const encoding = ENCODINGS[sms?.encoding_type ?? "auto"];
    return { ...textContent(text ?? ""), ...(sms && { sms: { encoding, source: null } }) };
  }
  const { name, parameters = [] } = template;
  const filled = toTemplate({ name, locale: whatsapp.locale, parameters });
  const richJson = JSON.stringify({ template: filled });
  return { type: "TEMPLATE", text: null, richJson, fallbackText: null, sms: null };
}
