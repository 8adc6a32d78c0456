// Vonage's names of the channels that there are here, as Messages v1 has them.
import type { Channel } from "#libs/contracts/topics.ts";

const CHANNELS: ReadonlyMap<string, Channel> = new Map([
  ["sms", "sms"],
  ["whatsapp", "whatsapp"],
  ["viber_service", "viber"],
  ["rcs", "rcs"],
]);

/** Undefined for one that is not served: MMS, Messenger, e-mail. */
export function channelOf(name: string): Channel | undefined {
  return CHANNELS.get(name);
}

/** Vonage's name of our channel; ours for one that it does not have. */
export function channelNameOf(channel: string): string {
  return [...CHANNELS].find(([, own]) => own === channel)?.[0] ?? channel;
}
