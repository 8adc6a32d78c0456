// From the end of an HTTP call to a provider's answer: what every provider over HTTP has in common.
import { parseJson } from "#libs/json/parse-json.ts";
import type { HttpEnd } from "./call-http.ts";
import type { ProviderAnswer } from "./provider-adapter.ts";

/** `body` is undefined where it is no JSON, or was not read to its end. */
export type HttpAnswer = { statusCode: number; body: unknown; retryAfterMs: number };

/**
 * `read` says what the provider's own answer means; undefined leaves it to the status: 429 and 503
 * may succeed later, another 4xx is final, and of everything else nobody can tell.
 */
export function answerOfEnd(
  end: HttpEnd,
  read: (answer: HttpAnswer) => ProviderAnswer | undefined,
): ProviderAnswer {
  switch (end.type) {
    case "answered": {
      const { statusCode, retryAfterMs } = end;
      const body = parseJson(end.text ?? "");
      return read({ statusCode, body, retryAfterMs }) ?? answerOfStatus(statusCode, retryAfterMs);
    }
    case "late":
      return { type: "late" };
    case "unwritten":
      return { type: "temporary", code: "carrier-unreachable", text: faultText(end.code) };
    case "lost":
      return { type: "unknown", text: faultText(end.code) };
  }
}

function answerOfStatus(statusCode: number, retryAfterMs: number): ProviderAnswer {
  const code = `http-${statusCode}`;
  if (statusCode === 429 || statusCode === 503) {
    return { type: "temporary", code, text: "The carrier is overloaded.", retryAfterMs };
  }
  if (statusCode >= 400 && statusCode < 500) {
    const text = "The carrier does not take this call.";
    return { type: "refused", code, text, errorClass: "PERMANENT" };
  }
  return { type: "unknown", text: `The carrier answered with HTTP ${statusCode}.` };
}

function faultText(code: string): string {
  return `The call ended with ${code}.`;
}
