// Phone numbers as people write them, for every dialect. E.164 is what the rest of the house knows.
import { isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";
import { ADDRESS_LENGTH_MAX } from "#libs/contracts/limits.ts";

/** E.164: fifteen digits at most; the shortest numbers in use have seven. */
const E164 = /^\+?([1-9]\d{6,14})$/;
/** People write numbers with these between the digits. */
const SEPARATORS = /[\s().-]/g;

/** The ISO 3166 code in upper case; null for what is none. 8x8's documentation writes `uk` for GB. */
export function parseCountry(text: string): string | null {
  const code = text.toUpperCase();
  const country = code === "UK" ? "GB" : code;
  return isSupportedCountry(country) ? country : null;
}

/** The number in E.164, read as dialled in `country` if that is given; null for what is no number. */
export function parseNumber(text: string, country: string | null): string | null {
  if (text.length > ADDRESS_LENGTH_MAX) return null;
  const written = text.replaceAll(SEPARATORS, "");
  if (country !== null && !written.startsWith("+")) return fromLocal(written, country);
  const digits = E164.exec(written)?.[1];
  return digits ? `+${digits}` : null;
}

/** A number as it is dialled in its country. */
function fromLocal(written: string, country: string): string | null {
  if (!isSupportedCountry(country)) return null;
  const number = parsePhoneNumberFromString(written, country);
  return number?.isPossible() ? number.number : null;
}
