// `outboundContent` of a receipt, version 9: what was sent, in one form for every kind of content.
// https://developer.8x8.com/connect/docs/delivery-receipts-for-outbound-chatapps
import type { Content, ContentType } from "#libs/contracts/generated/types.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import type { Account } from "#libs/settings/account.ts";
import { interactiveContent } from "./interactive-content.ts";
import {
  type Header,
  locationHeader,
  mediaHeader,
  type OutboundContent,
  type SaidContent,
} from "./outbound-parts.ts";
import { templateContent } from "./template-content.ts";

/** The member that WhatsApp's own form has, and the word of 8x8's header. */
const MEDIA: ReadonlyMap<ContentType, readonly [member: string, type: string]> = new Map([
  ["IMAGE", ["image", "image"]],
  ["VIDEO", ["video", "video"]],
  ["AUDIO", ["audio", "audio"]],
  ["FILE", ["file", "document"]],
]);

/**
 * What WhatsApp was given to say; undefined for what cannot be told in this form, as at 8x8. Never
 * throws: rich content is the sender's JSON, which nobody need have checked.
 */
export function outboundContent(
  content: Content,
  { templates }: Pick<Account, "templates">,
): OutboundContent | undefined {
  const parsed = parseJson(content.richJson ?? "{}");
  const said = saidBy(content, isObject(parsed) ? parsed : {}, templates);
  return said && { channel: "whatsapp", ...said };
}

function saidBy(
  { type, text }: Content,
  rich: JsonObject,
  templates: Account["templates"],
): SaidContent | undefined {
  const body = text === null ? {} : { body: { text } };
  switch (type) {
    case "TEXT":
      return { contentType: "text", ...body };
    case "TEMPLATE":
      return templateContent(rich["template"], templates);
    case "INTERACTIVE":
      return interactiveContent(rich["interactive"]);
    case "LOCATION":
      return headed("location", locationHeader(rich["location"] ?? rich));
    default: {
      const [member = "", medium = ""] = MEDIA.get(type) ?? [];
      const said = headed("media", mediaHeader(medium, [rich, rich[member]]));
      return said && { ...said, ...body };
    }
  }
}

function headed(contentType: string, header: Header | undefined): SaidContent | undefined {
  return header && { contentType, header };
}
