// How the demonstration talks to the product: over HTTP, like everybody else.

import { isObject } from "#libs/json/json-object.ts";
import { ask, askForAny } from "./ask.ts";

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

/** Whom messages are sent for: the product has the key. */
export type Sender = { product: Product; accountId: string };

/** Sends a message in 8x8's dialect and returns its id. Throws Fault with the answer if it is refused. */
export async function send({ product, accountId }: Sender, body: object): Promise<string> {
  const headers = { ...authorization(product), "content-type": "application/json" };
  const url = `${product.api}/api/v1/subaccounts/${accountId}/messages`;
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await ask(url, request);
  return String(answer["umid"]);
}

/** The message as it stands, with its story. */
export async function read(product: Product, messageId: string): Promise<Message> {
  const url = `${product.api}/ft/v1/messages/${messageId}`;
  const answer = await ask(url, { headers: authorization(product) });
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
  const calls = await askForAny(url, {});
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
