import { type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";

let last: { text: string; number: PhoneNumber | undefined } | undefined;

/**
 * What the published number plans know of a number in E.164; undefined where that is nothing. Never throws. Whoever
 * judges a message asks for its number's spelling, its class and its price, one after the other: the last answer is kept.
 */
export function knownNumber(text: string): PhoneNumber | undefined {
  if (last?.text !== text) last = { text, number: parsePhoneNumberFromString(text) };
  return last.number;
}
