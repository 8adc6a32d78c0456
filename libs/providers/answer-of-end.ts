// From the end of an HTTP call to a provider's answer: what every provider over HTTP has in common.
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import type { HttpEnd } from "./call-http.ts";
import type { ProviderAnswer } from "./provider-adapter.ts";

/** `body` is undefined where it is no JSON, or was not read to its end. */
export type HttpAnswer = { statusCode: number; body: unknown; retryAfterMs: number };
/** What it means; `text` is the body as it came, null where it was not read to its end. */
export type ReadAnswer = (answer: HttpAnswer, text: string | null) => ProviderAnswer | undefined;

/**
 * `read` says what the provider's own answer means; undefined leaves it to the status, which says
 * something of our call and nothing of the recipient (RFC 9110, sections 15.4 to 15.6).
 */
export function answerOfEnd(end: HttpEnd, read: ReadAnswer): ProviderAnswer {
  switch (end.type) {
    case "answered": {
      const { statusCode, text, retryAfterMs } = end;
      const body = parseJson(text ?? "");
      const answer = readSafely(() => read({ statusCode, body, retryAfterMs }, text));
      return asLogin(answer ?? answerOfStatus(statusCode, retryAfterMs), statusCode);
    }
    case "late":
      return { type: "late" };
    case "unwritten":
      return { type: "temporary", code: UNREACHABLE, text: faultText(end.code) };
    case "lost":
      return { type: "unknown", text: faultText(end.code) };
  }
}

/**
 * Whatever stands in a body, the call was made and has its answer. JSON can be parsed, for example, that
 * is nested too deeply to be written again.
 */
function readSafely(read: () => ProviderAnswer | undefined): ProviderAnswer | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Our code of a call that nothing was there to take. */
export const UNREACHABLE = "carrier-unreachable";

/** Carriers say with these, beside a code of their own, that it is the credentials (RFC 9110). */
const LOGIN_REFUSED: ReadonlySet<number> = new Set([401, 407]);

function asLogin(answer: ProviderAnswer, statusCode: number): ProviderAnswer {
  const isLoginRefused = answer.type === "refused" && LOGIN_REFUSED.has(statusCode);
  return isLoginRefused ? { ...answer, isLoginRefused } : answer;
}

/** The server was too busy, or read too little of the call: it has done nothing, and may do it later. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429, 503]);
/** What was said is refused, or so large that no gateway takes it. */
const CONTENT: ReadonlySet<number> = new Set([413, 414, 415, 431]);
/** Nobody knows what is wrong with it: the code that would tell stands in a body that cannot be read. */
const UNEXPLAINED: ReadonlySet<number> = new Set([400, 409, 422]);
/** The call would have to go elsewhere. 303 is none of them: it shows what a call has led to. */
const MOVED: ReadonlySet<number> = new Set([301, 302, 307, 308]);
/** A server that knows no such method or version has done nothing either. */
const NOT_IMPLEMENTED: ReadonlySet<number> = new Set([501, 505]);

function answerOfStatus(statusCode: number, retryAfterMs: number): ProviderAnswer {
  const code = `http-${statusCode}`;
  if (LATER.has(statusCode)) {
    return { type: "temporary", code, text: "The carrier is overloaded.", retryAfterMs };
  }
  if (MOVED.has(statusCode)) {
    const text = "The carrier's address is another one: the call was sent on, and not followed.";
    return { type: "refused", code, text, errorClass: "SENDER" };
  }
  const isRefused = statusCode >= 400 && statusCode < 500;
  if (isRefused || NOT_IMPLEMENTED.has(statusCode)) {
    const text = "The carrier does not take this call.";
    return { type: "refused", code, text, errorClass: classOfRefusal(statusCode) };
  }
  return { type: "unknown", text: `The carrier answered with HTTP ${statusCode}.` };
}

/** Credentials (401, 403, 407), an account (402), an address (404, 405, 410, 421 ...): all ours. */
function classOfRefusal(statusCode: number): ErrorClass {
  if (CONTENT.has(statusCode)) return "CONTENT";
  return UNEXPLAINED.has(statusCode) ? "UNKNOWN" : "SENDER";
}

function faultText(code: string): string {
  return `The call ended with ${code}.`;
}
