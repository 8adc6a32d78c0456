import { addressOf } from "#libs/contracts/address-of.ts";
import type { Recipient } from "#libs/contracts/generated/types.ts";

/** A number as most vendors write it, without its plus sign; anything else as it is. */
export function bareNumber(number: string): string {
  return number.replace(/^\+/, "");
}

/** Where a recipient is on the channel, as `bareNumber`; "" for nowhere. */
export function bareAddress(recipient: Recipient, channel: string): string {
  return bareNumber(addressOf(recipient, channel) ?? "");
}
