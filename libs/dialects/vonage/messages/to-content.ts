// What one message of Messages v1 says, as our content.
import type { Content } from "#libs/contracts/generated/types.ts";
import { textContent } from "#libs/dialects/text-content.ts";
import {
  mediaContent,
  mediaTypes,
  richContent,
  templateContent,
} from "#libs/dialects/vonage/content.ts";
import type { CustomBody, MessageBody } from "./body.ts";

const ENCODINGS = { auto: "AUTO", text: "GSM", unicode: "UNICODE" } as const;

/** The content of a message that Vonage's schema has passed. */
export function toContent(message: MessageBody): Content {
  const { text = "", template, whatsapp, sms, custom } = message;
  if (custom) return customContent(custom);
  if (template && whatsapp) {
    const { name, parameters = [] } = template;
    return templateContent({ name, locale: whatsapp.locale, parameters });
  }
  for (const type of mediaTypes) {
    const media = message[type];
    if (media) return mediaContent(type, media);
  }
  const encoding = ENCODINGS[sms?.encoding_type ?? "auto"];
  return { ...textContent(text), ...(sms && { sms: { encoding, source: null } }) };
}

/** Meta's own form, which is ours but for a template's language. */
function customContent({ type, template, interactive, location }: CustomBody): Content {
  if (type === "interactive") return richContent("INTERACTIVE", { interactive });
  if (type === "location") return richContent("LOCATION", { location });
  const named = template && { ...template, language: template.language.code };
  return richContent("TEMPLATE", { template: named });
}
