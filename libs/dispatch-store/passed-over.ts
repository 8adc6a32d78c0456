// What is kept with a command of the connections that did not take it, while it goes on to others.
import { type Static, Type } from "typebox";
import { Parse } from "typebox/value";

const ErrorClasses = Type.Enum([
  "UNKNOWN",
  "PERMANENT",
  "TEMPORARY",
  "CONSENT",
  "SENDER",
  "CONTENT",
]);
const Nullable = Type.Union([Type.String(), Type.Null()]);
const PassedOver = Type.Object({
  /** Its name; null: the account has none of its own. */
  connection: Nullable,
  /** What its reports name. */
  provider: Type.String(),
  errorCode: Nullable,
  errorClass: Type.Union([ErrorClasses, Type.Null()]),
  errorText: Nullable,
  /** Not asked again in this round. */
  isOut: Type.Boolean(),
  /** Its credentials are refused, which somebody may mend. */
  isLoginRefused: Type.Optional(Type.Boolean()),
  /** Never asked again, in no round. */
  isFinal: Type.Optional(Type.Boolean()),
});
export type PassedOver = Static<typeof PassedOver>;

const List = Type.Array(PassedOver);

export function encodePassedOver(passed: readonly PassedOver[]): string {
  return passed.length === 0 ? "" : JSON.stringify(passed);
}

/** Throws for what `encodePassedOver` has not written. */
export function decodePassedOver(text: string): PassedOver[] {
  return text === "" ? [] : Parse(List, JSON.parse(text));
}
