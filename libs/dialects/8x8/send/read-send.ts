// A client's send, or the first message of its batch, as it would be taken.
import { errorBody, Refusal } from "#libs/dialects/8x8/refusal.ts";
import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { SendRefused } from "#libs/dialects/send-refused.ts";
import { isObject } from "#libs/json/json-object.ts";
import { givenMessage, parseBatch } from "./parse-batch.ts";
import { inFull, parseSend } from "./parse-send.ts";

/** Throws SendRefused. */
export function readSend(given: unknown, { account, messageId, now }: Sending): ReadSend {
  const parsed = parseSend(firstMessage(given), { account, now });
  if ("refusal" in parsed) throw refused(parsed.refusal);
  const { message, warnings } = parsed;
  return { request: { ...inFull(message), messageId }, warnings };
}

function firstMessage(given: unknown): unknown {
  if (!isObject(given) || !("messages" in given)) return given;
  try {
    const { items, template } = parseBatch(given);
    return givenMessage(items[0], template);
  } catch (error) {
    throw error instanceof Refusal ? refused(error) : error;
  }
}

function refused(refusal: Refusal): SendRefused {
  const { status, code, message } = refusal;
  return new SendRefused(`${code}: ${message}`, { status, body: errorBody(refusal) });
}
