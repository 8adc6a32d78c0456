// What is said, in Meta's words. Rich content comes as senders write it: Meta's own form, or 8x8's,
// which differs in the case of names and in where a URL stands.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { templateObject } from "./template-object.ts";

type Said = DispatchCommand["content"];

/** `type` and the member of that name. */
export function messageObject({ type, text, richJson }: Said): { type: string } & JsonObject {
  const parsed = parseJson(richJson ?? "{}");
  const rich = isObject(parsed) ? parsed : {};
  switch (type) {
    case "TEMPLATE":
      return { type: "template", template: templateObject(objectOf(rich["template"])) };
    case "INTERACTIVE":
    case "CAROUSEL":
    case "RICH_CARD":
      return {
        type: "interactive",
        interactive: objectOf(rich["interactive"] ?? rich["carousel"]),
      };
    case "IMAGE":
      return mediaObject("image", rich, text);
    case "VIDEO":
      return mediaObject("video", rich, text);
    // Meta takes no caption with it.
    case "AUDIO":
      return mediaObject("audio", rich, null);
    case "FILE":
      return mediaObject("document", rich, text);
    case "LOCATION":
      return { type: "location", location: locationOf(rich) };
    case "TEXT":
    case "UNKNOWN":
      return { type: "text", text: { preview_url: false, body: text ?? "" } };
  }
}

/** By link, or by the id of an upload to Meta. */
function mediaObject(type: string, rich: JsonObject, text: string | null) {
  const inner = objectOf(rich[type] ?? rich["file"]);
  const { id, filename, caption = text } = inner;
  const link = inner["link"] ?? inner["url"] ?? rich["url"];
  const media = {
    ...(id === undefined ? { link } : { id }),
    ...(caption ? { caption } : {}),
    ...(filename === undefined ? {} : { filename }),
  };
  return { type, [type]: media };
}

function locationOf(rich: JsonObject): JsonObject {
  const { latitude, longitude, name, address } = objectOf(rich["location"] ?? rich);
  return { latitude, longitude, ...(name ? { name } : {}), ...(address ? { address } : {}) };
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
