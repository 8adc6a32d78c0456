// Reading a client's JSON. Many clients write a member that they do not use as null, so null counts
// as absent everywhere.
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import type { ErrorCode } from "./error-codes.ts";
import { Refusal } from "./refusal.ts";

/** The member's value; undefined where it is absent or null. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}

/** The object; anything else is refused with `code`. */
export function parseObject(value: unknown, code: ErrorCode, name: string): JsonObject {
  if (isObject(value)) return value;
  throw new Refusal(code, `${name} must be an object.`);
}

type TextRule = {
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
