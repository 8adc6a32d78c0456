// Viber's button in 8x8's own form, which Vonage and Infobip each have words for.
import type { JsonObject } from "#libs/json/json-object.ts";
import { objectOf } from "../rich-content.ts";

/** Undefined where rich content has none. A `title` of "" is a message that shall have no button. */
export function viberButton(rich: JsonObject): { title: string; url: unknown } | undefined {
  const { caption, title = caption, action, url = action } = objectOf(rich["button"]);
  return typeof title === "string" ? { title, url } : undefined;
}
