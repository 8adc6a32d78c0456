// A client's send as it would be taken.
import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { SendRefused } from "#libs/dialects/send-refused.ts";
import { VonageError, vonageErrorBody } from "#libs/dialects/vonage/api-error.ts";
import { parseSend } from "./parse-send.ts";

/** Throws SendRefused. */
export function readSend(given: unknown, sending: Sending): ReadSend {
  try {
    return { request: parseSend(given, sending).request, warnings: [] };
  } catch (error) {
    throw error instanceof VonageError ? refused(error, sending) : error;
  }
}

function refused(error: VonageError, { messageId }: Sending): SendRefused {
  const body = vonageErrorBody(error, messageId);
  const all = error.invalidParameters.map(({ name, reason }) => `${name} ${reason}`);
  const words = [body.title, ...(all.length > 0 ? all : [error.message])].join(": ");
  return new SendRefused(words, { status: error.status, body });
}
