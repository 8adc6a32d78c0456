// How the demonstration talks to the product: over HTTP, like everybody else.

import { isObject } from "#libs/json/json-object.ts";
import { printable, printableValue } from "#libs/printable.ts";

/** The product as a customer sees it: two addresses, and the key that the API takes. */
export type Product = { api: string; carrierSimulator: string; apiKey: string };

export type Told = { at: number; text: string };
export type Message = {
  outcome: string | null;
  revision: number;
  duplicate: boolean;
  /** Estimates by the account's price list; null where it has none, or nothing was for nothing. */
  cost: Cost | null;
  extraCost: Cost | null;
  story: Told[];
};
/** `amount` in 1/10,000 of the currency. */
export type Cost = { amount: number; currency: string };

const TIMEOUT_MS = 10_000;

/** Sends a message in 8x8's dialect and returns its id. Throws with the answer if it is refused. */
export async function send(product: Product, body: object): Promise<string> {
  const headers = { ...authorization(product), "content-type": "application/json" };
  const url = `${product.api}/api/v1/subaccounts/demo/messages`;
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await call(url, request);
  return String(answer["umid"]);
}

/** The message as it stands, with its story. */
export async function read(product: Product, messageId: string): Promise<Message> {
  const url = `${product.api}/ft/v1/messages/${messageId}`;
  const answer = await call(url, { headers: authorization(product) });
  const story = Array.isArray(answer["story"]) ? answer["story"].filter(isObject) : [];
  return {
    outcome: typeof answer["outcome"] === "string" ? answer["outcome"] : null,
    revision: Number(answer["revision"]),
    duplicate: answer["duplicate"] === true,
    cost: costOf(answer["cost"]),
    extraCost: costOf(answer["extraCost"]),
    story: story.map((event) => ({
      at: Date.parse(String(event["at"])),
      text: String(event["text"]),
    })),
  };
}

/** The channels whose carriers were called for the message, in order. */
export async function readCalls(
  { carrierSimulator }: Product,
  messageId: string,
  recipient: string,
): Promise<string[]> {
  const url = `${carrierSimulator}/sent?recipient=${encodeURIComponent(recipient)}`;
  const calls = printableValue(await (await fetchOk(url, {})).json());
  const own = Array.isArray(calls) ? calls.filter(isObject) : [];
  return own
    .filter((each) => String(each["commandId"]).startsWith(messageId))
    .map((each) => String(each["channel"]));
}

function costOf(cost: unknown): Cost | null {
  if (!isObject(cost)) return null;
  return { amount: Number(cost["amount"]), currency: String(cost["currency"]) };
}

function authorization({ apiKey }: Product) {
  return { authorization: `Bearer ${apiKey}` };
}

/** The answer to a request that must be granted. Throws with what was answered else. */
export async function call(url: string, request: RequestInit): Promise<Record<string, unknown>> {
  const answer = printableValue(await (await fetchOk(url, request)).json());
  if (!isObject(answer)) throw new Error(`${url} answered with something that is no object.`);
  return answer;
}

async function fetchOk(url: string, request: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.ok) return response;
  throw new Error(`${url} answered ${response.status}: ${printable(await response.text())}`);
}
