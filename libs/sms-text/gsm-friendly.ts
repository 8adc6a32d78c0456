// Texts that word processors made dear: a typographic quote or dash makes an SMS Unicode, which holds
// 70 characters instead of 160. What means the same in GSM's alphabet takes their place.
import { septetsOf } from "./gsm-alphabet.ts";

/** By the character that stands for them. */
const QUOTES: readonly (readonly [string, string])[] = [
  ["'", "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u00b4\u0060\u02bc\uff07"],
  ['"', "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u301d\u301e\u301f\uff02"],
  ["...", "\u2026"],
  ["\n", "\u2028\u2029\u0085"],
];
const PLAIN: ReadonlyMap<string, string> = new Map(
  QUOTES.flatMap(([plain, dear]) => Array.from(dear, (each): [string, string] => [each, plain])),
);
/** Hyphens and dashes of any length, and the minus sign. */
const DASH = /[\p{Pd}\u2212]/u;
const BLANK = /[\p{Zs}\t]/u;
/** What nobody sees: soft hyphens, joins, and marks of direction, as a number has that was copied from a phone. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

function plainOf(character: string): string {
  const plain = PLAIN.get(character);
  if (plain !== undefined) return plain;
  if (BLANK.test(character)) return " ";
  if (DASH.test(character)) return "-";
  return UNSEEN.test(character) ? "" : character;
}

/**
 * The text composed (NFC), with typographic quotes, dashes, blanks and dots as GSM has them, and without
 * what nobody sees. Where that does not make it GSM, and for a text that is GSM already, it is given back
 * as it is: nothing would be won.
 */
export function gsmFriendly(text: string): string {
  if (isGsm(text)) return text;
  const plain = Array.from(text.normalize("NFC"), plainOf).join("");
  return isGsm(plain) ? plain : text;
}

/** The characters of a text that GSM's alphabet lacks, each once, in their order. */
export function outsideGsm(text: string): string[] {
  return [...new Set(text)].filter((character) => !septetsOf(character));
}

function isGsm(text: string): boolean {
  return outsideGsm(text).length === 0;
}
