// A request of the demonstration: asked again where the product says when, else refused in one sentence.
import { setTimeout as sleep } from "node:timers/promises";
import { refusalFault, unreachableFault } from "#deploy/terminal/faults.ts";
import { retryAfterMs } from "#libs/http/outward/retry-after.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { printable, printableValue } from "#libs/printable.ts";

const TIMEOUT_MS = 10_000;
/** A key's pace and a product that starts again ask for a second or a few. A day's cap asks for none. */
const PAUSE_MAX_MS = 10_000;
/** All stories share one key: with a pace of one request a second each gets through in this time. */
const PATIENCE_MS = 120_000;
/** Of an answer that is no problem of ours, characters. */
const SHOWN_LENGTH_MAX = 200;

/**
 * The answer to a request that must be granted. After a 429 or 503 it is repeated when `Retry-After` says, for two
 * minutes. Throws Fault with one sentence where it is refused, or nobody answers.
 */
export async function ask(url: string, request: RequestInit): Promise<JsonObject> {
  const answer = await askForAny(url, request);
  if (!isObject(answer)) throw refusalFault(`${url} answered with no object.`, "unexpected-answer");
  return answer;
}

/** The same for an answer that may be a list. */
export async function askForAny(url: string, request: RequestInit): Promise<unknown> {
  const deadline = performance.now() + PATIENCE_MS;
  while (true) {
    const { status, headers, text } = await exchange(url, request);
    if (status < 300) return printableValue(parsed(text));
    const pauseMs = retryAfterMs(headers.get("retry-after") ?? undefined, Date.now());
    const isForNow = (status === 429 || status === 503) && pauseMs > 0 && pauseMs <= PAUSE_MAX_MS;
    if (!isForNow || performance.now() + pauseMs > deadline) throw refusal(url, status, text);
    await sleep(pauseMs);
  }
}

async function exchange(url: string, request: RequestInit) {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const what = isLate ? `did not answer within ${TIMEOUT_MS / 1_000} s` : "does not answer";
    throw unreachableFault(`${new URL(url).origin} ${what}.`);
  }
}

function refusal(url: string, status: number, text: string) {
  return refusalFault(`${url} answered ${status}: ${wordsOf(text)}`, `http-${status}`);
}

/** What a refusal says, in 8x8's words, the native API's, or as it came. */
function wordsOf(text: string): string {
  const body = parsed(text);
  const [words] = ["message", "detail", "title"]
    .map((name) => (isObject(body) ? body[name] : undefined))
    .filter((value) => typeof value === "string");
  return printable(words ?? text.slice(0, SHOWN_LENGTH_MAX));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
