// What Google's answer to a call means.
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import type { HttpAnswer } from "../answer-of-end.ts";
import type { ProviderAnswer, RevocationAnswer } from "../provider-adapter.ts";

const Refused = Type.Object({
  error: Type.Object({ status: Type.String(), message: Type.Optional(Type.String()) }),
});

/**
 * Google's canonical codes (google.rpc.Code), as its page on sending uses them: NOT_FOUND is a person
 * without RCS, or whose network the agent is not launched on.
 */
const RBM_CLASSES: ReadonlyMap<string, ErrorClass> = new Map([
  ["NOT_FOUND", "PERMANENT"],
  ["INVALID_ARGUMENT", "CONTENT"],
  ["FAILED_PRECONDITION", "CONTENT"],
  ["OUT_OF_RANGE", "CONTENT"],
  ["UNAUTHENTICATED", "SENDER"],
  ["PERMISSION_DENIED", "SENDER"],
  ["UNIMPLEMENTED", "SENDER"],
  ["RESOURCE_EXHAUSTED", "TEMPORARY"],
  ["UNAVAILABLE", "TEMPORARY"],
  ["ABORTED", "TEMPORARY"],
  ["CANCELLED", "TEMPORARY"],
]);

/** `providerMessageId` is our own. Undefined for what the status alone must tell. */
export function answerOfRbm(
  { statusCode, body, retryAfterMs }: HttpAnswer,
  providerMessageId: string,
): ProviderAnswer | undefined {
  const accepted = { type: "accepted", providerMessageId, segmentCount: null } as const;
  // Whatever it says: the id needs no answer.
  if (statusCode >= 200 && statusCode < 300) return accepted;
  if (!Value.Check(Refused, body)) return undefined;
  const { status: code, message: text = "" } = body.error;
  // Google has it from a call whose answer was lost.
  if (code === "ALREADY_EXISTS") return accepted;
  const errorClass = RBM_CLASSES.get(code);
  if (errorClass === "TEMPORARY") return { type: "temporary", code, text, retryAfterMs };
  // A server that failed may have it: the call is repeated with the same id.
  if (statusCode >= 500 || errorClass === undefined) return undefined;
  return { type: "refused", code, errorClass, text };
}

/**
 * "200 OK confirms that the message was revoked", and "404 Not Found means that it was delivered": or, where
 * no answer said that Google took it (`isTaken`), that it never had it. A 404 of anybody else says neither.
 */
export function revocationOfRbm(
  { statusCode, body }: HttpAnswer,
  isTaken: boolean,
): RevocationAnswer | undefined {
  if (statusCode >= 200 && statusCode < 300) return { outcome: "REVOKED" };
  if (!Value.Check(Refused, body)) return undefined;
  const { status: code, message: text = "" } = body.error;
  if (code === "NOT_FOUND" && isTaken) return { outcome: "TOO_LATE" };
  return { outcome: "REFUSED", code, text };
}
