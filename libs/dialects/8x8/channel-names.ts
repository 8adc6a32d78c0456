// 8x8's names of channels (case matters, says their error 3022) and ours.

/** Every channel of 8x8's API; those that no account has here are refused with 3027, not 3022. */
const CHANNELS: ReadonlyMap<string, string> = new Map(
  [
    "WhatsApp",
    "Viber",
    "SMS",
    "RCS",
    "Facebook",
    "Instagram",
    "Line",
    "LineNotification",
    "WeChat",
    "Zalo",
    "ZaloNotification",
  ].map((name) => [name, name.toLowerCase()]),
);
const NAMES: ReadonlyMap<string, string> = new Map([...CHANNELS].map(([name, own]) => [own, name]));

export const channelNames: readonly string[] = [...CHANNELS.keys()];

/** One of 8x8's guides has another name of RCS than its OpenAPI. */
const RCS_IN_GUIDE = "GoogleRCS";

/** Our channel by 8x8's name; undefined for a name that 8x8 does not have. */
export function findChannel(name: string): string | undefined {
  return CHANNELS.get(name === RCS_IN_GUIDE ? "RCS" : name);
}

/** 8x8's name of our channel. */
export function channelNameOf(channel: string): string {
  return NAMES.get(channel) ?? channel;
}
