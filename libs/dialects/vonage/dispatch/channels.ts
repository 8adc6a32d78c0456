// The channels of a workflow that there are here, by Dispatch's names (definitions/dispatch.yml, 0.3.0,
// of github.com/Nexmo/api-specification). `messenger`, the fourth, is not served.
import type { Channel } from "#libs/contracts/topics.ts";

/** `sender`: the member of `from` that names it. A person is a `number` on each of them. */
export const dispatchChannels = {
  sms: { channel: "sms", sender: "number" },
  viber_service_msg: { channel: "viber", sender: "id" },
  whatsapp: { channel: "whatsapp", sender: "number" },
} as const satisfies Record<string, { channel: Channel; sender: "number" | "id" }>;

export const dispatchTypes = ["sms", "viber_service_msg", "whatsapp"] as const;
export type DispatchType = (typeof dispatchTypes)[number];

/** Dispatch's name of our channel; ours for one that it does not have. */
export function typeOf(channel: string): string {
  return dispatchTypes.find((type) => dispatchChannels[type].channel === channel) ?? channel;
}

/** The member of `from` that names a sender on our channel. */
export function senderMember(channel: string): "number" | "id" {
  const served = Object.values(dispatchChannels).find((each) => each.channel === channel);
  return served?.sender ?? "number";
}
