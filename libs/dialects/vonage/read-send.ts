// A client's send as it would be taken, by either of Vonage's APIs.
import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { SendRefused } from "#libs/dialects/send-refused.ts";
import { VonageError, vonageErrorBody } from "#libs/dialects/vonage/api-error.ts";

/** Reads by `parse`, which throws VonageError; throws SendRefused. */
export function readSendBy(parse: (given: unknown, sending: Sending) => ReadSend) {
  return (given: unknown, sending: Sending): ReadSend => {
    try {
      return parse(given, sending);
    } catch (error) {
      throw error instanceof VonageError ? sendRefused(error, sending) : error;
    }
  };
}

function sendRefused(error: VonageError, { messageId }: Sending): SendRefused {
  const body = vonageErrorBody(error, messageId);
  const all = error.invalidParameters.map(({ name, reason }) => `${name} ${reason}`);
  const code = body.type.slice(body.type.indexOf("#") + 1);
  const words = `${code}: ${body.title}: ${all.join("; ") || error.message}`;
  return new SendRefused(words, { status: error.status, body });
}
