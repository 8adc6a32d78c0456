// From the end of an HTTP call to what became of a revocation: what every provider over HTTP has in common.
import { parseJson } from "#libs/json/parse-json.ts";
import { type HttpAnswer, UNREACHABLE } from "./answer-of-end.ts";
import type { HttpEnd } from "./call-http.ts";
import type { RevocationAnswer } from "./provider-adapter.ts";

/** Of what is known by the provider's own id alone, where the answer that had it was lost. */
export const UNKNOWN_ID: RevocationAnswer = {
  outcome: "REFUSED",
  code: "id-unknown",
  text: "The answer that had the provider's id was lost.",
};

/** `read` says what the provider's own answer means; undefined leaves it to the status. */
export function revocationOfEnd(
  end: HttpEnd,
  read: (answer: HttpAnswer) => RevocationAnswer | undefined,
): RevocationAnswer {
  switch (end.type) {
    case "answered": {
      const { statusCode, text, retryAfterMs } = end;
      const answer = read({ statusCode, body: parseJson(text ?? ""), retryAfterMs });
      return answer ?? { outcome: "REFUSED", code: `http-${statusCode}` };
    }
    case "late":
      return { outcome: "NO_ANSWER" };
    case "unwritten":
      return { outcome: "NO_ANSWER", code: UNREACHABLE };
    case "lost":
      return { outcome: "NO_ANSWER", text: `The call ended with ${end.code}.` };
  }
}
