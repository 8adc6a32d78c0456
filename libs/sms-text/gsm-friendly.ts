// Texts that word processors made dear: a typographic quote or dash makes an SMS Unicode, which holds
// 70 characters instead of 160. What means the same in GSM's alphabet takes their place.
import { septetsOf } from "./gsm-alphabet.ts";

/** By the character that stands for them. */
const REPLACED: readonly (readonly [string, string])[] = [
  ["'", "\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc"],
  ['"', "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"],
  ["-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"],
  ["...", "\u2026"],
  [
    " ",
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t",
  ],
  ["\n", "\u2028\u2029\u0085"],
  ["", "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"],
];
const PLAIN: ReadonlyMap<string, string> = new Map(
  REPLACED.flatMap(([plain, dear]) => Array.from(dear, (each): [string, string] => [each, plain])),
);

/**
 * The text composed (NFC), with typographic quotes, dashes, blanks and dots as GSM has them. Where
 * that does not make it GSM, and for a text that is GSM already, it is given back as it is: nothing
 * would be won.
 */
export function gsmFriendly(text: string): string {
  if (isGsm(text)) return text;
  const plain = Array.from(text.normalize("NFC"), (each) => PLAIN.get(each) ?? each).join("");
  return isGsm(plain) ? plain : text;
}

/** The characters of a text that GSM's alphabet lacks, each once, in their order. */
export function outsideGsm(text: string): string[] {
  return [...new Set(text)].filter((character) => !septetsOf(character));
}

function isGsm(text: string): boolean {
  return outsideGsm(text).length === 0;
}
