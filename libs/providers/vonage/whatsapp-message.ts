// What a WhatsApp message says, in Vonage's words: media are Vonage's own, the rest is Meta's.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { messageObject } from "../content/message-object.ts";
import { objectOf } from "../rich-content.ts";
import { textMessage } from "./text-and-media.ts";

/** Undefined for a medium that was uploaded to Meta: Vonage takes URLs. */
export function whatsappMessage(content: DispatchCommand["content"]): JsonObject | undefined {
  const message = messageObject(content);
  const { type } = message;
  const own = objectOf(message[type]);
  switch (type) {
    case "text":
      return textMessage(content.text);
    case "template":
    case "interactive":
    case "location":
      return { message_type: "custom", custom: { type, [type]: own } };
    case "document":
      return mediaMessage("file", own);
    default:
      return mediaMessage(type, own);
  }
}

function mediaMessage(
  type: string,
  { link, caption, filename }: JsonObject,
): JsonObject | undefined {
  if (typeof link !== "string") return undefined;
  const medium = {
    url: link,
    ...(caption !== undefined && { caption }),
    ...(filename !== undefined && { name: filename }),
  };
  return { message_type: type, [type]: medium };
}
