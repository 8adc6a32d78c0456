// What Infobip's answer to a call means. A call that Infobip took may hold a message that it did not.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { isObject } from "#libs/json/json-object.ts";
import type { HttpAnswer } from "../answer-of-end.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import { faultOf, Status } from "./codes.ts";
import { DUPLICATE_ID } from "./status-codes.ts";

const Taken = Type.Object({
  messageId: Type.Optional(Type.String({ minLength: 1 })),
  status: Status,
});
/** Only SMS has a count. */
const Counted = Type.Object({ details: Type.Object({ messageCount: Type.Integer() }) });
const ApiError = Type.Object({ errorCode: Type.String(), description: Type.String() });
const ApiException = Type.Object({
  requestError: Type.Object({
    serviceException: Type.Object({ messageId: Type.String(), text: Type.String() }),
  }),
});

/** "Accepted", pending and delivered; a message in another group is refused. */
const GOOD_GROUPS: ReadonlySet<number> = new Set([0, 1, 3]);

type Called = { messageId: string; segmentCount: number | null };

/** Undefined for what Infobip does not answer with. `called`: our id, and the segments as we count them. */
export function answerOfInfobip(
  { statusCode, body, retryAfterMs }: HttpAnswer,
  called: Called,
): ProviderAnswer | undefined {
  if (statusCode < 300) return answerOfTaken(body, called);
  if (statusCode < 400 || statusCode >= 500) return undefined;
  const { code, text } = wordsOf(body) ?? {};
  if (code === undefined || text === undefined) return undefined;
  if (statusCode === 429) return { type: "temporary", code, text, retryAfterMs };
  // What is wrong with the request is what its message says; the rest is the account's.
  return { type: "refused", code, text, errorClass: statusCode === 400 ? "CONTENT" : "SENDER" };
}

function answerOfTaken(body: unknown, called: Called): ProviderAnswer | undefined {
  const messages = isObject(body) ? body["messages"] : undefined;
  const [message]: unknown[] = Array.isArray(messages) ? messages : [body];
  if (!Value.Check(Taken, message)) return undefined;
  const { status, messageId: providerMessageId = called.messageId } = message;
  // Nobody else gives this id, so it is this message that was taken before.
  if (GOOD_GROUPS.has(status.groupId) || status.id === DUPLICATE_ID) {
    return { type: "accepted", providerMessageId, segmentCount: segmentCountOf(message, called) };
  }
  // Never again, even where it might succeed: Infobip has the id by now, and would call another try a repeat.
  const { errorCode: code, errorText: text, errorClass } = faultOf(status, undefined);
  return { type: "refused", code, text, errorClass, isFinal: true };
}

function segmentCountOf(message: unknown, { segmentCount }: Called): number | null {
  if (segmentCount === null || !Value.Check(Counted, message)) return segmentCount;
  return message.details.messageCount;
}

/** As SMS, Viber and RCS have it, or WhatsApp. */
function wordsOf(body: unknown): { code: string; text: string } | undefined {
  if (Value.Check(ApiError, body)) return { code: body.errorCode, text: described(body) };
  if (!Value.Check(ApiException, body)) return undefined;
  const { messageId: code, text, ...rest } = body.requestError.serviceException;
  return { code, text: withDetails(text, Object(rest).validationErrors) };
}

function described(body: { description: string }): string {
  const { violations } = Object(body);
  return withDetails(body.description, violations);
}

function withDetails(text: string, details: unknown): string {
  const hasMore =
    typeof details === "object" && details !== null && Object.keys(details).length > 0;
  return hasMore ? `${text} ${JSON.stringify(details)}` : text;
}
