// A client's send as it would be taken, of several messages or destinations the first. One that is rejected
// is told even where another is not: the client would be told so too.
import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { ApiError, apiErrorBody } from "#libs/dialects/infobip/api-error.ts";
import { SendRefused } from "#libs/dialects/send-refused.ts";
import { parseSend, type SentAnswer } from "./parse-send.ts";

/** Throws SendRefused. */
export async function readSend(given: unknown, { account, now }: Sending): Promise<ReadSend> {
  const { taken, answer } = await parse(given, { account, now });
  const [first] = taken;
  const areTaken = taken.length === answer.messages.length;
  if (areTaken && first) return { request: first.request, warnings: first.warnings };
  throw new SendRefused(rejectedWords(answer), { status: 200, body: answer });
}

async function parse(given: unknown, context: Pick<Sending, "account" | "now">) {
  try {
    return await parseSend(given, context);
  } catch (error) {
    throw error instanceof ApiError ? refused(error) : error;
  }
}

function rejectedWords({ messages }: SentAnswer): string {
  return messages
    .filter(({ status }) => status.groupName === "REJECTED")
    .map(({ destination, status }) => `${destination} ${status.name}: ${status.action ?? ""}`)
    .join("; ");
}

function refused(error: ApiError): SendRefused {
  const { status, violations } = error;
  const all = violations.map(({ property, violation }) => `${property} ${violation}`.trim());
  const words = `E${status}: ${all.join("; ")}.`;
  return new SendRefused(words, { status, body: apiErrorBody(error) });
}
