// How long a channel goes on trying to deliver a step's message. A step that is left before that may
// still get through, and then the person has the message twice: both vendors' guides warn of it.
import type { Content } from "#libs/contracts/generated/types.ts";
import { type Account, templateName } from "#libs/settings/account.ts";
import { templateTtl } from "#libs/settings/template-ttl.ts";
import { readRichContent } from "./rich-content.ts";

const DAY_SECONDS = 86_400;

/**
 * What a channel does of its own accord, seconds: WhatsApp and RCS try for 30 days (Meta, Google),
 * Viber for 14 (the end of its TTL's range), SMS for the 3 days that carriers commonly keep one.
 */
const CHANNEL_TTL: Readonly<Record<string, number>> = {
  whatsapp: 30 * DAY_SECONDS,
  rcs: 30 * DAY_SECONDS,
  viber: 14 * DAY_SECONDS,
  sms: 3 * DAY_SECONDS,
};

/** Where a TTL comes from; `channel` is what applies when nobody has said anything. */
export type TtlSource = "step" | "direct-send" | "template" | "channel";
export type ChannelTtl = { seconds: number; source: TtlSource };

export type TtlStep = { channel: string; ttlSeconds: number | null };

/** How long `step` may be delivered after it was sent: its own TTL, else its content's, else its channel's. */
export function channelTtl(step: TtlStep, content: Content, account: Account): ChannelTtl {
  if (step.ttlSeconds !== null) return { seconds: step.ttlSeconds, source: "step" };
  const said = step.channel === "whatsapp" ? whatsAppTtl(content, account) : undefined;
  return said ?? { seconds: CHANNEL_TTL[step.channel] ?? 3 * DAY_SECONDS, source: "channel" };
}

/** The TTL that the provider is told, seconds; null where the channel's own applies. */
export function providerTtl(step: TtlStep, content: Content, account: Account): number | null {
  const { seconds, source } = channelTtl(step, content, account);
  return source === "channel" ? null : seconds;
}

function whatsAppTtl(content: Content, account: Account): ChannelTtl | undefined {
  if (content.richJson === null) return undefined;
  const { template, directSendTtlSeconds } = readRichContent(content.richJson);
  if (directSendTtlSeconds !== undefined) {
    return { seconds: directSendTtlSeconds, source: "direct-send" };
  }
  const known = template && account.templates.get(templateName(template));
  return known && { seconds: templateTtl(known), source: "template" };
}
