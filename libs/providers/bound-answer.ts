// What a provider says of a call goes into reports, journals and stories. Here its texts are cut to
// what these hold, whatever the provider, so that no answer can be too large or too odd to be told.
import type { ProviderAnswer, RevocationAnswer } from "./provider-adapter.ts";
import { isSegmentCount } from "./segment-count.ts";

/** Longer than any code of the channels' error tables. */
const ERROR_CODE_LENGTH_MAX = 64;
/** A sentence or two for a story; a carrier's whole error page helps nobody. */
const ERROR_TEXT_LENGTH_MAX = 500;
/** Ids are parts of Redis' keys; the longest of a real provider have some 80 bytes. */
const PROVIDER_ID_BYTES_MAX = 250;

/** Control characters, also those of bidirectional text: they belong to no terminal, log or page. */
// oxlint-disable-next-line no-control-regex -- these are what it is about
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** An id that is too long to be kept, or cannot be told, is no id: no receipt could be matched. */
export function boundAnswer(answer: ProviderAnswer): ProviderAnswer {
  switch (answer.type) {
    case "accepted":
      if (idsOf(answer).every(isProviderMessageId)) return withSegmentCount(answer);
      return { type: "unknown", text: "The provider's id of the message cannot be used." };
    case "refused":
    case "temporary": {
      const code = tidy(answer.code, ERROR_CODE_LENGTH_MAX);
      return { ...answer, code, text: tidy(answer.text, ERROR_TEXT_LENGTH_MAX) };
    }
    case "unknown":
      return { ...answer, text: tidy(answer.text, ERROR_TEXT_LENGTH_MAX) };
    case "late":
      return answer;
  }
}

/** The same of what is said when a message is to be taken back. */
export function boundRevocation({ outcome, code, text }: RevocationAnswer): RevocationAnswer {
  return {
    outcome,
    ...(code !== undefined && { code: tidy(code, ERROR_CODE_LENGTH_MAX) }),
    ...(text !== undefined && { text: tidy(text, ERROR_TEXT_LENGTH_MAX) }),
  };
}

type Accepted = Extract<ProviderAnswer, { type: "accepted" }>;

/** A count that no SMS has says nothing, and must not cost the answer: the message was taken. */
function withSegmentCount(answer: Accepted): Accepted {
  const { segmentCount } = answer;
  if (segmentCount === null || isSegmentCount(segmentCount)) return answer;
  return { ...answer, segmentCount: null };
}

/** One part that nobody can match would leave the whole undelivered for ever. */
function idsOf({ providerMessageId, partIds = [] }: Accepted): readonly string[] {
  return [providerMessageId, ...partIds];
}

function isProviderMessageId(id: string): boolean {
  const byteCount = Buffer.byteLength(id);
  return byteCount > 0 && byteCount <= PROVIDER_ID_BYTES_MAX && id === tidy(id, id.length);
}

/** One line of well-formed Unicode. What is cut ends with an ellipsis. */
function tidy(text: string, lengthMax: number): string {
  // Cut first: what follows is linear, but a page of megabytes is not worth it.
  const start = text
    .slice(0, 2 * lengthMax)
    .replaceAll(CONTROLS, " ")
    .toWellFormed();
  if (start.length <= lengthMax) return start;
  // A pair that the cut would leave half of goes with its other half.
  const isHalf = /[\ud800-\udbff]/.test(start[lengthMax - 2] ?? "");
  return `${start.slice(0, lengthMax - (isHalf ? 2 : 1))}…`;
}
