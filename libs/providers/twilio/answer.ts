// What Twilio's answer to a call means.
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { HttpAnswer } from "../answer-of-end.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import { classOfTwilioCode } from "./codes.ts";

const Accepted = Type.Object({
  sid: Type.String({ minLength: 1 }),
  num_segments: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
const Refused = Type.Object({ code: Type.Integer(), message: Type.String() });

/** Undefined for what Twilio does not answer with. `ownCount`: the segments as we count them. */
export function answerOfTwilio(
  { statusCode, body, retryAfterMs }: HttpAnswer,
  ownCount: number | null,
): ProviderAnswer | undefined {
  if (statusCode < 300 && Value.Check(Accepted, body)) {
    const { sid: providerMessageId, num_segments } = body;
    const segmentCount = segmentCountOfTwilio(num_segments, ownCount);
    return { type: "accepted", providerMessageId, segmentCount };
  }
  if (statusCode < 400 || statusCode >= 500 || !Value.Check(Refused, body)) return undefined;
  const { message: text } = body;
  const code = `${body.code}`;
  const errorClass = classOfTwilioCode(body.code);
  const isTemporary = errorClass === "TEMPORARY" || statusCode === 429;
  if (isTemporary) return { type: "temporary", code, text, retryAfterMs };
  return { type: "refused", code, errorClass, text };
}

/** Twilio's count of an SMS; ours while it says "0", because a service has not picked its sender. */
export function segmentCountOfTwilio(
  said: string | null | undefined,
  ownCount: number | null,
): number | null {
  return ownCount === null ? null : Number(said ?? 0) || ownCount;
}
