import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { addressOf } from "#libs/contracts/address-of.ts";
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { isE164 } from "./parse-number.ts";

/** ISO 3166 code of the country that the recipient is in on the channel; null where nothing tells it. */
export function countryOf(recipient: Recipient, channel: string): string | null {
  if (recipient.country !== null) return recipient.country;
  const address = addressOf(recipient, channel) ?? "";
  return isE164(address) ? (parsePhoneNumberFromString(address)?.country ?? null) : null;
}
