import type { Recipient } from "#libs/contracts/generated/types.ts";
import { maskNumber } from "#libs/phone-numbers/mask-number.ts";

/** Whom a message or a step reaches, without what anybody could be reached by. */
export function recipientView({ msisdn, channelUserIds }: Recipient) {
  return { msisdn: msisdn && maskNumber(msisdn), idsOn: Object.keys(channelUserIds) };
}
