// What Vonage's answer to a call means: 202 with an id, or a problem (RFC 7807).
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import type { HttpAnswer } from "../answer-of-end.ts";
import type { ProviderAnswer, RevocationAnswer } from "../provider-adapter.ts";
import { classOfVonageCode, numberOfError } from "./codes.ts";

const Accepted = Type.Object({ message_uuid: Type.String({ minLength: 1 }) });
const Problem = Type.Object({
  type: Type.Optional(Type.String()),
  title: Type.String(),
  detail: Type.Optional(Type.String()),
  invalid_parameters: Type.Optional(Type.Array(Type.Unknown())),
});

/** Undefined for what Vonage does not answer with. `ownCount`: the segments as we count them. */
export function answerOfVonage(
  { statusCode, body, retryAfterMs }: HttpAnswer,
  ownCount: number | null,
): ProviderAnswer | undefined {
  if (statusCode < 300 && Value.Check(Accepted, body)) {
    return { type: "accepted", providerMessageId: body.message_uuid, segmentCount: ownCount };
  }
  // A server that failed may have the message, whatever it says.
  if (statusCode < 400 || statusCode >= 500 || !Value.Check(Problem, body)) return undefined;
  const number = numberOfError(body);
  const { title, detail = title, invalid_parameters: odd = [] } = body;
  const text = odd.length === 0 ? detail : `${detail} ${JSON.stringify(odd)}`;
  const code = number ?? `http-${statusCode}`;
  const errorClass = number === null ? "SENDER" : classOfVonageCode(number);
  if (errorClass === "TEMPORARY" || statusCode === 429) {
    return { type: "temporary", code, text, retryAfterMs };
  }
  return { type: "refused", code, text, errorClass: refusedClass(errorClass, statusCode) };
}

/** 422 is about what the request says, and the rest about whose it is. */
function refusedClass(errorClass: ErrorClass, status: number): ErrorClass {
  if (errorClass !== "UNKNOWN") return errorClass;
  return status === 422 ? "CONTENT" : "SENDER";
}

/** "Making a revocation request does not guarantee that a message will be revoked": it is taken, no more. */
export function revocationOfVonage(answer: HttpAnswer): RevocationAnswer | undefined {
  const { statusCode, body } = answer;
  if (statusCode >= 200 && statusCode < 300) return { outcome: "REQUESTED" };
  if (!Value.Check(Problem, body)) return undefined;
  const { title, detail = title } = body;
  return { outcome: "REFUSED", code: numberOfError(body) ?? `http-${statusCode}`, text: detail };
}
