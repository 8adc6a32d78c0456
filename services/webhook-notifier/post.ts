// One try of one notification over HTTP.
import { type Dispatcher, request } from "undici";
import { PrivateAddressError } from "#libs/http/outward/public-address.ts";
import { retryAfterMs } from "#libs/http/outward/retry-after.ts";
import { readShort } from "./read-short.ts";

/** The endpoint says that it will never be there again. */
const GONE = 410;
/** undici's, of a URL or header that no request can have; upstream senders are checked by nobody. */
const UNUSABLE = "UND_ERR_INVALID_ARG";

export type Answer =
  | { type: "delivered" }
  /** It may be delivered later. */
  | { type: "failed"; reason: string; status?: number; retryAfterMs?: number }
  /** It never will. */
  | { type: "refused"; reason: string };

export type Post = { url: string; headers: Record<string, string>; body: string };

/** Takes `timeoutMs` at most, from the look-up of the name to the end of the answer. Never throws. */
export async function post(
  { url, headers, body }: Post,
  { agent, timeoutMs }: { agent: Dispatcher; timeoutMs: number },
): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const options = { method: "POST", headers, body, signal, dispatcher: agent } as const;
    const answer = await request(url, options);
    await readShort(answer.body);
    return answerOf(answer.statusCode, retryAfterMs(answer.headers["retry-after"], Date.now()));
  } catch (error) {
    return faultOf(error, timeoutMs);
  }
}

function answerOf(status: number, askedMs: number): Answer {
  if (status >= 200 && status < 300) return { type: "delivered" };
  if (status === GONE) return { type: "refused", reason: "It answered 410: gone for good." };
  const note = status >= 300 && status < 400 ? "; redirects are not followed" : "";
  return { type: "failed", reason: `It answered ${status}${note}.`, status, retryAfterMs: askedMs };
}

/** A try that came to no answer. */
export function faultOf(error: unknown, timeoutMs: number): Answer {
  if (error instanceof PrivateAddressError) return { type: "refused", reason: error.message };
  if (!(error instanceof Error)) throw error;
  if (error.name === "TimeoutError") {
    return { type: "failed", reason: `It did not answer within ${timeoutMs} ms.` };
  }
  const code = "code" in error ? ` (${String(error.code)})` : "";
  const type = "code" in error && error.code === UNUSABLE ? "refused" : "failed";
  return { type, reason: `${error.message}${code}`.slice(0, 500) };
}
