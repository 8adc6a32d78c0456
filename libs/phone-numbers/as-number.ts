// A person's id on a channel is often a number in other words: `whatsapp:+6591234567`, `006591234567`.
import { knownNumber } from "./known-number.ts";
import { isE164, parseNumber } from "./parse-number.ts";

/** A word for where the number is, and what is dialled for a plus sign. */
const BEFORE_NUMBER = /^(?:[a-z][a-z0-9.-]*:)?(?:\+|00)?/i;

/**
 * The number in E.164, in the one spelling that libphonenumber has for it; what is no number stays as
 * it is. For judging and counting whom a message reaches, not for calling: `+4407400123456` may be one
 * that a carrier refuses.
 */
export function asNumber(address: string): string {
  // Nothing has to be read out of what stands there as contracts carry it: most addresses, of most messages.
  const number = isE164(address) ? address : parseNumber(address.replace(BEFORE_NUMBER, "+"), null);
  return number === null ? address : oneSpelling(number);
}

/** Of several zeros, or other trunk digits, behind the country's code one goes at a time; most numbers have none. */
function oneSpelling(number: string): string {
  const shorter = knownNumber(number)?.number ?? number;
  return shorter === number ? number : oneSpelling(shorter);
}
