// How a link is kept: as `attemptIndex:messageId`, or as a list where the attempt has several parts.
import { Type } from "typebox";
import { Parse } from "typebox/value";

/** What a provider's id belongs to. */
export type LinkedAttempt = {
  messageId: string;
  attemptIndex: number;
  /** The provider's ids of all parts, where there are several; else empty. */
  providerMessageIds: readonly string[];
};

const Parted = Type.Tuple([Type.Integer(), Type.String(), Type.Array(Type.String())]);

/** As Redis keeps it beside a provider's id. */
export function encodeAttempt(attempt: LinkedAttempt): string {
  const { messageId, attemptIndex, providerMessageIds } = attempt;
  if (providerMessageIds.length === 0) return `${attemptIndex}:${messageId}`;
  return JSON.stringify([attemptIndex, messageId, providerMessageIds]);
}

/** Throws for what `encodeAttempt` has not written. */
export function decodeAttempt(text: string): LinkedAttempt {
  if (text.startsWith("[")) {
    const [attemptIndex, messageId, providerMessageIds] = Parse(Parted, JSON.parse(text));
    return { attemptIndex, messageId, providerMessageIds };
  }
  const colon = text.indexOf(":");
  const attemptIndex = Number(text.slice(0, colon));
  return { attemptIndex, messageId: text.slice(colon + 1), providerMessageIds: [] };
}
