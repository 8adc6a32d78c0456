// The GSM 7 bit default alphabet and its extension table: 3GPP TS 23.038 (once GSM 03.38), section
// 6.2.1. National shift tables are left out: a phone shows them only if the operator agreed to it.

/** Announces a character of the extension table; no character of its own. */
const ESCAPE = 0x1b;

/** A character's place is its septet; the escape only holds its place. */
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ" +
  " !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§" +
  "¿abcdefghijklmnopqrstuvwxyzäöñüà";

const EXTENSION: readonly (readonly [string, number])[] = [
  ["\f", 0x0a],
  ["^", 0x14],
  ["{", 0x28],
  ["}", 0x29],
  ["\\", 0x2f],
  ["[", 0x3c],
  ["~", 0x3d],
  ["]", 0x3e],
  ["|", 0x40],
  ["€", 0x65],
];

const CHARACTERS: readonly string[] = Array.from(BASIC);
const EXTENDED: ReadonlyMap<number, string> = new Map(
  EXTENSION.map(([character, septet]) => [septet, character]),
);
const SEPTETS: ReadonlyMap<string, readonly number[]> = new Map([
  ...CHARACTERS.flatMap((character, septet): [string, number[]][] =>
    septet === ESCAPE ? [] : [[character, [septet]]],
  ),
  ...EXTENSION.map(([character, septet]): [string, number[]] => [character, [ESCAPE, septet]]),
]);

/** One septet, or two for a character of the extension table; undefined outside of the alphabet. */
export function septetsOf(character: string): readonly number[] | undefined {
  return SEPTETS.get(character);
}

/** The first character of a text that the alphabet lacks; undefined if it has them all. */
export function findOutsideGsm(text: string): string | undefined {
  for (const character of text) if (!SEPTETS.has(character)) return character;
  return undefined;
}

/**
 * The text of septets. As the standard asks of a phone, an escape that leads nowhere shows the
 * basic character that follows it, or a blank. Throws RangeError for a number above 127.
 */
export function decodeSeptets(septets: Iterable<number>): string {
  let text = "";
  let isEscaped = false;
  for (const septet of septets) {
    if (isEscaped) text += EXTENDED.get(septet) ?? basicCharacter(septet);
    else if (septet !== ESCAPE) text += basicCharacter(septet);
    isEscaped = septet === ESCAPE && !isEscaped;
  }
  return isEscaped ? `${text} ` : text;
}

function basicCharacter(septet: number): string {
  const character = septet === ESCAPE ? " " : CHARACTERS[septet];
  if (character !== undefined) return character;
  throw new RangeError(`${septet} is no septet.`);
}
