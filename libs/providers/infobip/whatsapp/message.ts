// What a WhatsApp message says, in Infobip's words: each type has its endpoint. Rich content comes in
// Meta's form or in 8x8's, which becomes Meta's first.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { messageObject } from "../../content/message-object.ts";
import { objectOf } from "../../rich-content.ts";
import { interactiveContent } from "./interactive.ts";
import { templateContent } from "./template.ts";

/** `type`: where Infobip's endpoint for it is. */
export type WhatsappMessage = { type: string; content: JsonObject };

/** Undefined for what Infobip has no words for, as a medium that was uploaded to Meta. */
export function whatsappMessage(said: DispatchCommand["content"]): WhatsappMessage | undefined {
  const message = messageObject(said);
  const { type } = message;
  const own = objectOf(message[type]);
  switch (type) {
    case "text":
      return { type, content: { text: own["body"] } };
    case "template":
      return messageOf(type, templateContent(own));
    case "interactive":
      return interactiveContent(own);
    case "location":
      return { type, content: own };
    default:
      return messageOf(type, mediaContent(own));
  }
}

function messageOf(type: string, content: JsonObject | undefined): WhatsappMessage | undefined {
  return content && { type, content };
}

function mediaContent({ link, caption, filename }: JsonObject): JsonObject | undefined {
  if (typeof link !== "string") return undefined;
  return {
    mediaUrl: link,
    ...(caption !== undefined && { caption }),
    ...(filename !== undefined && { filename }),
  };
}
