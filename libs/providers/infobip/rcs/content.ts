// What an RCS message says, in Infobip's words. Rich content comes as 8x8's senders write it, which is
// Google's form.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { templateObject } from "../../content/template-object.ts";
import { mediaOf, objectOf, richOf } from "../../rich-content.ts";
import { textParameters } from "../text-parameters.ts";
import { cardContent, mediaCard } from "./card.ts";
import { suggestionsOf } from "./suggestions.ts";

/** Undefined for what Infobip has no words for. */
export function rcsContent(content: DispatchCommand["content"]): JsonObject | undefined {
  const rich = richOf(content);
  const said = saidIn(content, rich);
  const suggestions = suggestionsOf(rich["suggestions"]);
  if (!said || !suggestions) return undefined;
  return { ...said, ...(suggestions.length > 0 && { suggestions }) };
}

function saidIn({ type, text }: DispatchCommand["content"], rich: JsonObject) {
  switch (type) {
    case "TEXT":
      return { type: "TEXT", text: text ?? "" };
    case "IMAGE":
    case "VIDEO":
    case "AUDIO":
    case "FILE":
      return fileContent(mediaOf(rich, type.toLowerCase()), text);
    case "RICH_CARD":
      return richCard(objectOf(rich["richCard"]));
    case "CAROUSEL":
      return carousel(objectOf(rich["carousel"]));
    case "TEMPLATE":
      return templateContent(objectOf(rich["template"]));
    default:
      return undefined;
  }
}

/** A file has no words of its own; a card has. */
function fileContent({ url, thumbnail }: JsonObject, text: string | null): JsonObject | undefined {
  if (typeof url !== "string") return undefined;
  if (text) return mediaCard({ url, text });
  const picture = typeof thumbnail === "string" && { thumbnail: { url: thumbnail } };
  return { type: "FILE", file: { url }, ...picture };
}

function richCard(card: JsonObject): JsonObject | undefined {
  const { cardOrientation: orientation, thumbnailImageAlignment: alignment } = card;
  const content = cardContent(card);
  return (
    content && {
      type: "CARD",
      orientation: wordOf(orientation, "VERTICAL"),
      alignment: wordOf(alignment, "LEFT"),
      content,
    }
  );
}

function carousel({ cardWidth, cards }: JsonObject): JsonObject | undefined {
  const given = Array.isArray(cards) ? cards : [];
  const contents = given.filter(isObject).map(cardContent);
  if (contents.length === 0 || contents.includes(undefined)) return undefined;
  return { type: "CAROUSEL", cardWidth: wordOf(cardWidth, "MEDIUM"), contents };
}

function templateContent(given: JsonObject): JsonObject | undefined {
  const { name, components } = templateObject(given);
  const parameters = textParameters(components);
  if (typeof name !== "string" || !parameters) return undefined;
  return {
    type: "PROVIDER_TEMPLATE",
    templateId: name,
    ...(parameters.length > 0 && { parameters }),
  };
}

function wordOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value.toUpperCase() : otherwise;
}
