// Writes the texts that records are full of (ids, channels, words: short, and ASCII) in one pass. avsc 5.7 asks Node for a text's
// bytes first, which costs more than they do.
/* oxlint-disable no-underscore-dangle -- the names are avsc's */
import avsc from "avsc";

/** avsc's cursor over the bytes. */
type Tap = { readonly buf: Buffer; pos: number };
type Write = (this: unknown, tap: Tap, text: unknown) => void;

/** The length of a text up to here is written as one byte. */
const SHORT_LENGTH_MAX = 63;
const ASCII_MAX = 0x7f;

/** Twice is harmless. */
export function quickenShortTexts(): void {
  Object.assign(avsc.types.StringType.prototype, { _write: writeText });
}

const writeAnyText: Write = Reflect.get(avsc.types.StringType.prototype, "_write");

function writeText(this: unknown, tap: Tap, text: unknown): void {
  if (typeof text !== "string" || !writeShort(tap, text)) writeAnyText.call(this, tap, text);
}

/** False: it is longer, has other characters, or there is no room. */
function writeShort(tap: Tap, text: string): boolean {
  const { buf, pos } = tap;
  const { length } = text;
  if (length > SHORT_LENGTH_MAX || pos + 1 + length > buf.length) return false;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > ASCII_MAX) return false;
    buf[pos + 1 + index] = unit;
  }
  buf[pos] = 2 * length;
  tap.pos = pos + 1 + length;
  return true;
}
