// The one reader of phone numbers as people write them. E.164 is what the rest of the house knows,
// and a number is never searched for within a text: what is more than a number is none.
import { isSupportedCountry, parseDigits, parsePhoneNumberFromString } from "libphonenumber-js/min";
import { ADDRESS_LENGTH_MAX } from "#libs/contracts/limits.ts";

/** E.164: fifteen digits at most; the shortest numbers in use have seven, a sample of 8x8's six. */
const E164 = /^\+[1-9]\d{5,14}$/;
/** What word processors and chats leave in a text that nobody sees: marks of direction and joins. */
const INVISIBLE = /\p{Cf}/gu;
/** People write numbers with these between the digits. */
const SEPARATORS = /[\s().\p{Pd}\u2212]/gu;
/** Latin digits, full-width ones and both kinds of Arabic ones: those that `parseDigits` reads. */
const WRITTEN = /^\+?[0-9\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]+$/;
const FULL_WIDTH_PLUS = /\uff0b/g;
/** One point, with digits behind it: a separator, or what a spreadsheet makes of a number. */
const POINTED = /^([^.]*)\.(\p{Nd}*)$/u;
const BARE = /^\+?\p{Nd}+$/u;
/** Digits in brackets behind the country's code: an area, or what is dialled within the country only. */
const BRACKETED = /^\+([^(]*)\(([^)]*)\)/;
/** By country code, what is dialled before national numbers where it is no zero (ITU's list). */
const TRUNK_PREFIXES: ReadonlyMap<string, string> = new Map([
  ["1", "1"],
  ["7", "8"],
  ["36", "06"],
  ["370", "8"],
  ["375", "8"],
  ["993", "8"],
]);

/** Whether it is E.164 as contracts carry it, with its plus sign. */
export function isE164(text: string): boolean {
  return E164.test(text);
}

/** Whether it is an ISO 3166 code of two capital letters. */
export function isCountry(text: string): boolean {
  return isSupportedCountry(text);
}

/** The ISO 3166 code in upper case; null for what is none. 8x8's documentation writes `uk` for GB. */
export function parseCountry(text: string): string | null {
  const code = text.toUpperCase();
  const country = code === "UK" ? "GB" : code;
  return isSupportedCountry(country) ? country : null;
}

/**
 * The number in E.164, read as dialled in `country` if that is given; null for what is no number.
 * Digits of any script, invisible characters and the usual separators are taken; letters,
 * extensions, two numbers, or a sign elsewhere than in front are not.
 */
export function parseNumber(text: string, country: string | null): string | null {
  if (text.length > ADDRESS_LENGTH_MAX) return null;
  const seen = text.replaceAll(INVISIBLE, "").replaceAll(FULL_WIDTH_PLUS, "+").trim();
  const [, before, fraction = ""] = POINTED.exec(seen) ?? [];
  if (before === undefined || !isFraction(before, fraction, country)) {
    return readWritten(seen, country);
  }
  // `6591234567.0` is 6591234567. Whatever else ends so may be another number than it seems.
  const isDecimal = fraction === "" || (BARE.test(before) && isZero(fraction));
  return isDecimal ? readWritten(before, country) : null;
}

/** True if what stands behind a number's only point may be no digits of it. */
function isFraction(before: string, fraction: string, country: string | null): boolean {
  const mayBe = BARE.test(before) || isZero(fraction);
  return mayBe && (fraction.length <= 2 || isPossible(readWritten(before, country)));
}

function isZero(fraction: string): boolean {
  return Number(parseDigits(fraction)) === 0;
}

function isPossible(number: string | null): boolean {
  return number !== null && (parsePhoneNumberFromString(number)?.isPossible() ?? false);
}

function readWritten(seen: string, country: string | null): string | null {
  const written = seen.replaceAll(SEPARATORS, "");
  if (!WRITTEN.test(written)) return null;
  const digits = parseDigits(written);
  if (country !== null && !written.startsWith("+")) return fromLocal(digits, country);
  return E164.test(`+${digits}`) ? withoutTrunkZero(digits, BRACKETED.exec(seen)) : null;
}

/** A number as it is dialled in its country. */
function fromLocal(digits: string, country: string): string | null {
  if (!isSupportedCountry(country)) return null;
  const number = parsePhoneNumberFromString(digits, { defaultCountry: country, extract: false });
  return number?.isPossible() ? number.number : null;
}

/**
 * `+44 (0)20 7946 0018` is dialled without its zero from abroad; in Italy it stays. Numbers of which
 * nothing is known are taken as they are, unless digits were marked that may not be dialled: such a
 * one is none, and none is one with its country's own prefix, as `+7 (8)`.
 */
function withoutTrunkZero(digits: string, bracketed: RegExpExecArray | null): string | null {
  const [, code = "", marked = ""] = bracketed ?? [];
  const prefix = TRUNK_PREFIXES.get(parseDigits(code));
  if (prefix !== undefined && parseDigits(marked) === prefix) return null;
  const number = parsePhoneNumberFromString(`+${digits}`);
  const isKnown = number?.isPossible() ?? false;
  if (isKnown && digits === `${number?.countryCallingCode}0${number?.nationalNumber}`) {
    return number?.number ?? null;
  }
  return isKnown || bracketed === null ? `+${digits}` : null;
}
