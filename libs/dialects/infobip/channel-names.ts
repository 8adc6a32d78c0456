// Infobip's names of the channels that there are here, as its Messages API has them.
import type { Channel } from "#libs/contracts/topics.ts";

const CHANNELS = {
  SMS: "sms",
  WHATSAPP: "whatsapp",
  VIBER_BM: "viber",
  RCS: "rcs",
} as const satisfies Record<string, Channel>;

export const channelNames = ["SMS", "WHATSAPP", "VIBER_BM", "RCS"] as const;
export type ChannelName = (typeof channelNames)[number];

export function channelOf(name: ChannelName): Channel {
  return CHANNELS[name];
}

/** Infobip's name of our channel; ours for one that it does not have. */
export function channelNameOf(channel: string): string {
  return channelNames.find((name) => CHANNELS[name] === channel) ?? channel;
}
