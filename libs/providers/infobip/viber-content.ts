// What a Viber message says, in Infobip's words. Rich content comes as 8x8's senders write it.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { templateObject } from "../content/template-object.ts";
import { viberButton } from "../content/viber-button.ts";
import { mediaOf, objectOf, richOf } from "../rich-content.ts";
import { textParameters } from "./text-parameters.ts";

/** Undefined for what Infobip has no words for. */
export function viberContent(content: DispatchCommand["content"]): JsonObject | undefined {
  const { type, text } = content;
  const rich = richOf(content);
  const words = text ? { text } : {};
  switch (type) {
    case "TEXT":
      return { type: "TEXT", text: text ?? "" };
    case "IMAGE":
      return withMedia("IMAGE", { rich, name: "image", more: words });
    case "VIDEO":
      return videoContent(rich, words);
    case "FILE":
      return fileContent(rich);
    case "INTERACTIVE":
      return withButton(rich, words);
    case "TEMPLATE":
      return templateContent(objectOf(rich["template"]));
    default:
      return undefined;
  }
}

type WithMedia = { rich: JsonObject; name: string; more: JsonObject };

function withMedia(type: string, { rich, name, more }: WithMedia): JsonObject | undefined {
  const { url } = mediaOf(rich, name);
  return typeof url === "string" ? { type, mediaUrl: url, ...more } : undefined;
}

/** Viber shows a picture until it is played, and how long it is. */
function videoContent(rich: JsonObject, words: JsonObject): JsonObject | undefined {
  const { thumbnail, duration } = objectOf(rich["video"]);
  if (typeof thumbnail !== "string" || typeof duration !== "number") return undefined;
  const more = { thumbnailUrl: thumbnail, mediaDuration: `PT${duration}S`, ...words };
  return withMedia("VIDEO", { rich, name: "video", more });
}

/** The name that Viber shows, and by whose ending it knows the kind; a caption it has not. */
function fileContent(rich: JsonObject): JsonObject | undefined {
  const { url, filename } = mediaOf(rich, "file");
  const path = typeof url === "string" ? URL.parse(url)?.pathname : undefined;
  const fileName = filename ?? path?.slice(path.lastIndexOf("/") + 1);
  if (typeof fileName !== "string" || fileName === "") return undefined;
  return withMedia("FILE", { rich, name: "file", more: { fileName } });
}

/** A text, an image and one button. */
function withButton(rich: JsonObject, words: JsonObject): JsonObject | undefined {
  const found = viberButton(rich);
  if (!found) return undefined;
  const { title, url: action } = found;
  const more = { ...words, ...(title !== "" && { button: { title, action } }) };
  if (rich["url"] !== undefined) return withMedia("IMAGE", { rich, name: "image", more });
  return { type: "TEXT", text: "", ...more };
}

/** Of a template that is registered with Viber through Infobip. */
function templateContent(given: JsonObject): JsonObject | undefined {
  const { name, language, components } = templateObject(given);
  const parameters = textParameters(components);
  if (typeof name !== "string" || !parameters) return undefined;
  const named = Object.fromEntries(parameters.map(({ name: key, value }) => [key, value]));
  return {
    type: "TEMPLATE",
    templateId: name,
    language: objectOf(language)["code"],
    ...(parameters.length > 0 && { parameters: named }),
  };
}
