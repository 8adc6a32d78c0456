// Reading a client's JSON. Many clients write a member that they do not use as null, so null counts
// as absent everywhere.
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { malformedTexts } from "#libs/json/malformed-text.ts";
import type { ErrorCode } from "./error-codes.ts";
import { Refusal } from "./refusal.ts";

/**
 * Of half a surrogate pair, as a client leaves it that cuts a text in the midst of an emoji: by how the
 * JSON pointer of its place looks; the first that fits counts. Any other is 1000.
 */
const MALFORMED_CODES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^\/client(Message|Batch)Id$/, 1008],
  [/^\/user\/msisdn$/, 3003],
  [/^\/user\/country$/, 3018],
  [/^\/type$/, 3010],
  [/^\/content\/(text|fallbackText)$/, 1004],
  [/^\/content\/sms\/source$/, 1005],
  [/^\/content\/sms\/encoding$/, 1003],
  [/^\/content\/template\/name$/, 3032],
  [/^\/content\/template\/language$/, 3037],
  [/^\/content\/template\/components\/.*\/(url|link)$/, 3046],
  [/^\/content\/template\/components\//, 3041],
  [/^\/content\/(\w+\/)?url$/, 3008],
  [/^\/channels\/\d+\/channel$/, 3022],
  [/^\/channels\/\d+\/successStatus$/, 3024],
  [/^\/channels\/\d+\/channelId$/, 3051],
  [/^\/scheduled$/, 1011],
  [/^\/expiry$/, 1006],
  [/^\/dlrCallbackUrl$/, 3020],
];

/** Throws a Refusal of the first text or name in a client's JSON that is no Unicode. */
export function refuseMalformed(given: unknown): void {
  const [path] = malformedTexts(given);
  if (path === undefined) return;
  const code = MALFORMED_CODES.find(([place]) => place.test(path))?.[1] ?? 1000;
  throw new Refusal(
    code,
    `${dottedPath(path)} has half of a surrogate pair: it is no Unicode text.`,
  );
}

/** The member's value; undefined where it is absent or null. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}

/** The object; anything else is refused with `code`. */
export function parseObject(value: unknown, code: ErrorCode, name: string): JsonObject {
  if (isObject(value)) return value;
  throw new Refusal(code, `${name} must be an object.`);
}

export type TextRule = {
  name: string;
  /** For a value that is no text. */
  invalid: ErrorCode;
  /** For a text above `lengthMax` characters. */
  tooLong: ErrorCode;
  lengthMax: number;
};

/** The text, or null where it is absent or empty. Characters are counted as code points. */
export function parseText(value: unknown, rule: TextRule): string | null {
  const { name, invalid, tooLong, lengthMax } = rule;
  if (value === undefined || value === "") return null;
  if (typeof value !== "string") throw new Refusal(invalid, `${name} must be a string.`);
  if (value.length > lengthMax && Array.from(value).length > lengthMax) {
    throw new Refusal(tooLong, `${name} has more than ${lengthMax} characters.`);
  }
  return value;
}
