// Whom a workflow reaches: each item names a number of its own.
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { parseNumber } from "#libs/phone-numbers/parse-number.ts";
import { dispatchChannels } from "../channels.ts";
import type { Item } from "./body.ts";
import { refused } from "./refused.ts";

/**
 * One number is the person's on every channel; of several each is one channel's. What is no number
 * stays as it is, for the judge. Throws VonageError for two numbers on one channel: a person has one
 * there.
 */
export function toRecipient(items: readonly Item[]): Recipient {
  const ways = items.map(({ to: { type, number = "" } }) => {
    return [dispatchChannels[type].channel, parseNumber(number, null) ?? number] as const;
  });
  const addresses = new Set(ways.map(([, address]) => address));
  const [only = null] = addresses;
  if (addresses.size < 2) return { msisdn: only, country: null, channelUserIds: {} };
  const odd = [...ways.entries()].filter(([, [channel, address]]) =>
    ways.some(([other, first]) => other === channel && first !== address),
  );
  if (odd.length > 0) {
    const reason = "must be the same in all messages of its channel";
    throw refused(odd.map(([index]) => ({ name: `workflow[${index}].to.number`, reason })));
  }
  return { msisdn: null, country: null, channelUserIds: Object.fromEntries(ways) };
}
