// What the SMSC's answers to all parts of a message mean together.
import type { RequestEnd } from "#libs/smpp/pending-requests.ts";
import { statusCode, statusText } from "#libs/smpp/statuses.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import type { IdRule } from "./access.ts";
import { classOfSmppStatus } from "./codes.ts";
import { oneId } from "./one-id.ts";

/**
 * Taken once every part is. One that may be there makes all unknown; else one that was refused for
 * good refuses the whole, and one that was refused for now lets the whole come again: of what is not
 * whole a phone shows nothing.
 */
export function answerOfEnds(
  ends: readonly RequestEnd[],
  { segmentCount, ids }: { segmentCount: number; ids: IdRule | undefined },
): ProviderAnswer {
  const [first, ...others] = ends.map((end) => answerOfEnd(end, ids));
  if (!first) return { type: "unknown", text: "Nothing was sent." };
  const answers = [first, ...others];
  for (const type of ["unknown", "refused", "temporary"] as const) {
    const found = answers.find((answer) => answer.type === type);
    if (found) return found;
  }
  const partIds = answers.flatMap((answer) =>
    answer.type === "accepted" ? [answer.providerMessageId] : [],
  );
  const [providerMessageId = ""] = partIds;
  return { type: "accepted", providerMessageId, partIds, segmentCount };
}

function answerOfEnd(end: RequestEnd, ids: IdRule | undefined): ProviderAnswer {
  if (end.type === "unsent") return gone("the connection was closed");
  if (end.type === "lost") return { type: "unknown", text: `No answer: ${end.why}.` };
  const { status, texts } = end.pdu;
  if (status === 0) {
    const providerMessageId = oneId(texts.message_id ?? "", "response", ids);
    return { type: "accepted", providerMessageId, segmentCount: null };
  }
  const code = statusCode(status);
  const errorClass = classOfSmppStatus(status);
  const text = `The SMSC answered with ${statusText(status)}.`;
  if (errorClass === "TEMPORARY") return { type: "temporary", code, text };
  return { type: "refused", code, errorClass, text };
}

/** Nothing went out. */
export function gone(why: string, retryAfterMs = 0): ProviderAnswer {
  return { type: "temporary", code: "not-bound", text: `No bind: ${why}.`, retryAfterMs };
}
