// A command as a gateway takes it.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { HttpRequest } from "../call-http.ts";
import { noAddress } from "../no-address.ts";
import { NOT_SERVED, notServed } from "../not-served.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import type { GenericOptions } from "./access.ts";
import { inHeader, inUrl, inXml } from "./escapes.ts";
import { type Values, valuesOf } from "./placeholders.ts";
import type { RequestOptions } from "./request-options.ts";
import { asText, fill, fillJson, placeholdersOf } from "./template.ts";
import { textsIn } from "./texts-in.ts";

export type GatewayRequest = HttpRequest & { origin: string; method: "POST" | "GET" | "PUT" };
type Context = { secrets: Values; receiptsUrl: string | undefined };

/** UTF-16 units of all values where they stand, not yet escaped: any content thrice. */
const FILLED_LENGTH_MAX = 1024 * 1024;
const tooLong: ProviderAnswer = {
  type: "refused",
  code: NOT_SERVED,
  errorClass: "CONTENT",
  text: "The connection's template names so much of the message that no gateway would take it.",
};

/** What is to be called, or why nothing is. */
export function requestOf(
  command: DispatchCommand,
  { channel, request: asked }: Pick<GenericOptions, "channel" | "request">,
  context: Context,
): GatewayRequest | ProviderAnswer {
  if (command.channel !== channel || !isServed(command, asked)) return notServed;
  const values = valuesOf(command, context);
  if (!values) return noAddress;
  if (isTooLong(asked, values)) return tooLong;
  const { method, url, headers = {}, idempotencyHeader } = asked;
  const [, origin = "", rest = ""] = /^(https?:\/\/[^/?]+)(.*)$/s.exec(url) ?? [];
  const { type, body } = bodyOf(asked.body, values);
  const own = Object.entries(headers).map(([name, each]) => [name, fill(each, values, inHeader)]);
  return {
    method,
    origin,
    path: pathOf(fill(rest, values, inUrl)),
    headers: {
      ...(type !== undefined && { "content-type": type }),
      ...(idempotencyHeader !== undefined && { [idempotencyHeader]: inHeader(command.commandId) }),
      ...Object.fromEntries(own),
    },
    body,
  };
}

/** Before anything is filled in: a template of 64 KiB may name a text of 35,000 characters ten thousand times. */
function isTooLong(asked: RequestOptions, values: Values): boolean {
  const names = textsIn(asked).flatMap(({ text }) => placeholdersOf(text).names);
  const lengthOf = (name: string): [string, number] => [name, asText(values.get(name)).length];
  const lengths = new Map(Array.from(new Set(names), lengthOf));
  return names.reduce((sum, name) => sum + (lengths.get(name) ?? 0), 0) > FILLED_LENGTH_MAX;
}

/** Other content than a text goes where a template asks for it: else the gateway would get half of it. */
function isServed({ content }: DispatchCommand, asked: RequestOptions): boolean {
  if (content.type === "TEXT") return true;
  return textsIn(asked).some(({ text }) => placeholdersOf(text).names.includes("content"));
}

function pathOf(filled: string): string {
  return filled.startsWith("/") ? filled : `/${filled}`;
}

function bodyOf({ json, form, xml }: RequestOptions["body"] & {} = {}, values: Values) {
  if (json !== undefined) {
    return { type: "application/json", body: JSON.stringify(fillJson(json, values) ?? null) };
  }
  if (form !== undefined) {
    const filled = Object.entries(form).map(([name, each]): [string, string] => [
      name,
      fill(each, values, (text) => text),
    ]);
    const type = "application/x-www-form-urlencoded";
    return { type, body: new URLSearchParams(filled).toString() };
  }
  if (xml === undefined) return { type: undefined, body: "" };
  return { type: "application/xml; charset=utf-8", body: fill(xml, values, inXml) };
}
