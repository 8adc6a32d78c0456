// What Meta's answer to a call means.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import type { HttpAnswer } from "../answer-of-end.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import { classOfCloudCode } from "./codes.ts";

const Accepted = Type.Object({
  messages: Type.Array(Type.Object({ id: Type.String({ minLength: 1 }) }), { minItems: 1 }),
});

/** The code is what counts: what else Meta says of it, and in which form, only explains it. */
export const CloudError = Type.Object({ code: Type.Integer() });
const Refused = Type.Object({ error: CloudError });

/** Undefined for what Meta does not answer with: the status alone then says what it can. */
export function answerOfCloud({ statusCode, body, retryAfterMs }: HttpAnswer) {
  if (statusCode < 300 && Value.Check(Accepted, body)) return acceptedAs(body.messages[0]?.id);
  if (statusCode < 400 || !Value.Check(Refused, body)) return undefined;
  const { error } = body;
  const code = String(error.code);
  const text = wordsOf(error);
  const errorClass = classOfCloudCode(error.code);
  // A server that failed may have the message, whatever its code says.
  if (statusCode >= 500) return { type: "unknown", text } satisfies ProviderAnswer;
  if (errorClass === "TEMPORARY") {
    return { type: "temporary", code, text, retryAfterMs } satisfies ProviderAnswer;
  }
  return { type: "refused", code, errorClass, text } satisfies ProviderAnswer;
}

/** Meta's details say what the title leaves open. `error_data` is a text in some of Meta's errors. */
export function wordsOf(error: JsonObject): string {
  const { error_data: data, message, title } = error;
  const details = isObject(data) ? data["details"] : undefined;
  return [details, message, title].find((each) => typeof each === "string") ?? "";
}

function acceptedAs(providerMessageId = ""): ProviderAnswer {
  return { type: "accepted", providerMessageId, segmentCount: null };
}
