// Whom a workflow reaches: each item names a number of its own.
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { isE164, parseNumber } from "#libs/phone-numbers/parse-number.ts";
import { dispatchChannels } from "../channels.ts";
import type { Item } from "./body.ts";
import { refused } from "./refused.ts";

/**
 * One number is the person's on every channel; of several each is one channel's. One that is no number
 * stays as it is, for the judge. Throws VonageError for what is none among several, which a channel
 * might take for an id, and for two numbers on one channel: a person has one there.
 */
export function toRecipient(items: readonly Item[]): Recipient {
  const ways = items.map(({ to: { type, number = "" } }) => {
    return [dispatchChannels[type].channel, parseNumber(number, null) ?? number] as const;
  });
  const addresses = new Set(ways.map(([, address]) => address));
  const [only = null] = addresses;
  if (addresses.size < 2) return { msisdn: only, country: null, channelUserIds: {} };
  refuseSome(ways, ([, address]) => !isE164(address), "must be a number in E.164");
  const isOdd = ([channel, address]: Way) =>
    ways.some(([other, first]) => other === channel && first !== address);
  refuseSome(ways, isOdd, "must be the same in all messages of its channel");
  return { msisdn: null, country: null, channelUserIds: Object.fromEntries(ways) };
}

type Way = readonly [channel: string, address: string];

function refuseSome(ways: readonly Way[], isWrong: (way: Way) => boolean, reason: string): void {
  const wrong = [...ways.entries()].filter(([, way]) => isWrong(way));
  if (wrong.length === 0) return;
  throw refused(wrong.map(([index]) => ({ name: `workflow[${index}].to.number`, reason })));
}
