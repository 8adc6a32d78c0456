// Vendors whose every step names a number: the first is the message's, another one is its step's own.
import type { Recipient } from "#libs/contracts/generated/types.ts";

/** Who is reached under a number, on every channel. What is no number is told by the judge. */
export function recipientOf(number: string): Recipient {
  return { msisdn: number, country: null, channelUserIds: {} };
}

/** What a step has of its own in a message to `first`. */
export function ownRecipient({
  number,
  first,
}: {
  number: string;
  first: string;
}): Recipient | null {
  return number === first ? null : recipientOf(number);
}
