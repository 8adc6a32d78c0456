// What a Viber message says, in Vonage's words. Rich content comes as 8x8's senders write it.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { viberButton } from "../content/viber-button.ts";
import { mediaOf, richOf } from "../rich-content.ts";
import { mediaMessage, textMessage } from "./text-and-media.ts";

/** Undefined for what Vonage has no words for: templates, and videos, whose size and length it wants. */
export function viberMessage(content: DispatchCommand["content"]): JsonObject | undefined {
  const { type, text } = content;
  const rich = richOf(content);
  switch (type) {
    case "TEXT":
      return textMessage(text);
    case "IMAGE":
      return mediaMessage("image", rich, captionOf(text));
    case "FILE":
      return fileMessage(rich);
    case "INTERACTIVE":
      return withButton(rich, text);
    default:
      return undefined;
  }
}

/** A text, an image and one button. */
function withButton(rich: JsonObject, text: string | null): JsonObject | undefined {
  const found = viberButton(rich);
  if (!found) return undefined;
  const { title, url } = found;
  const said =
    rich["url"] === undefined ? textMessage(text) : mediaMessage("image", rich, captionOf(text));
  const button = title !== "" && { viber_service: { action: { url, text: title } } };
  return said && { ...said, ...button };
}

function fileMessage(rich: JsonObject): JsonObject | undefined {
  const { filename } = mediaOf(rich, "file");
  return mediaMessage("file", rich, filename === undefined ? {} : { name: filename });
}

function captionOf(text: string | null): JsonObject {
  return text ? { caption: text } : {};
}
