// A command as a gateway takes it.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { HttpRequest } from "../call-http.ts";
import { noAddress } from "../no-address.ts";
import { notServed } from "../not-served.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import type { GenericOptions } from "./access.ts";
import { inHeader, inUrl, inXml } from "./escapes.ts";
import { type Values, valuesOf } from "./placeholders.ts";
import type { RequestOptions } from "./request-options.ts";
import { fill, fillJson, placeholdersOf } from "./template.ts";
import { textsIn } from "./texts-in.ts";

export type GatewayRequest = HttpRequest & { origin: string; method: "POST" | "GET" | "PUT" };
type Context = { secrets: Values; receiptsUrl: string | undefined };

/** What is to be called, or why nothing is. */
export function requestOf(
  command: DispatchCommand,
  { channel, request: asked }: Pick<GenericOptions, "channel" | "request">,
  context: Context,
): GatewayRequest | ProviderAnswer {
  if (command.channel !== channel || !isServed(command, asked)) return notServed;
  const values = valuesOf(command, context);
  if (!values) return noAddress;
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
