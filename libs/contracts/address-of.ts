// Where a recipient is on a channel. What the judge asks for is what a provider is called with.
import type { Recipient } from "./generated/types.ts";

type Addresses = Pick<Recipient, "msisdn" | "channelUserIds">;

/**
 * Channels on which a person is a phone number and nothing else: an SMS goes to one, and Google's RBM
 * names its users by them. An id on these is a number.
 */
const NUMBERS_ONLY: ReadonlySet<string> = new Set(["sms", "rcs"]);

/** True if an address on the channel is always a number in E.164. */
export function takesNumbersOnly(channel: string): boolean {
  return NUMBERS_ONLY.has(channel);
}

/** The number, else the person's id on the channel; undefined where there is neither. */
export function addressOf(
  { msisdn, channelUserIds }: Addresses,
  channel: string,
): string | undefined {
  const id = Object.hasOwn(channelUserIds, channel) ? channelUserIds[channel] : undefined;
  // An empty text is no address, as everywhere.
  return msisdn || id || undefined;
}
