// Where a recipient is on a channel.
import type { Recipient } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import type { ProviderAnswer } from "./provider-adapter.ts";

/** The number, else the person's id on the channel; undefined where there is neither. */
export function addressOf(recipient: Recipient, channel: Channel): string | undefined {
  return recipient.msisdn ?? recipient.channelUserIds[channel];
}

/** The answer to a command that no provider need be called for. */
export const noAddress: ProviderAnswer = {
  type: "refused",
  code: "no-address",
  errorClass: "PERMANENT",
  text: "The recipient has no address on this channel.",
};
