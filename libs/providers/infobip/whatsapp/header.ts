// What stands above a message's text: a line, a medium or a place, from Meta's form to Infobip's.
import type { JsonObject } from "#libs/json/json-object.ts";
import { objectOf } from "../../rich-content.ts";

/**
 * `textName`: the member that a line is in, which differs by the kind of message. Undefined for what
 * Infobip has no words for.
 */
export function headerContent(given: JsonObject, textName: string): JsonObject | undefined {
  const { type, text } = given;
  switch (type) {
    case "text":
      return { type: "TEXT", [textName]: text };
    case "image":
    case "video":
    case "document":
      return mediaHeader(type, objectOf(given[type]));
    case "location": {
      const { latitude, longitude } = objectOf(given["location"]);
      return { type: "LOCATION", latitude, longitude };
    }
    default:
      return undefined;
  }
}

/** By URL: what was uploaded to Meta, Infobip has not. */
function mediaHeader(type: string, { link, filename }: JsonObject): JsonObject | undefined {
  if (typeof link !== "string") return undefined;
  const name = type === "document" && { filename: filename ?? "document.pdf" };
  return { type: type.toUpperCase(), mediaUrl: link, ...name };
}
