// What is said, in Google's words. Rich content comes as 8x8's senders write it, whose cards are
// Google's but for what stands around them, and for the case of words (`vertical`, `short`).
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { mediaOf, objectOf, richOf } from "../rich-content.ts";

/** `contentMessage`; undefined for what Google has no words for. */
export function contentMessage(content: DispatchCommand["content"]): JsonObject | undefined {
  const rich = richOf(content);
  const said = saidIn(content, rich);
  const suggestions = rich["suggestions"];
  return said && { ...said, ...(Array.isArray(suggestions) && { suggestions }) };
}

function saidIn(
  { type, text }: DispatchCommand["content"],
  rich: JsonObject,
): JsonObject | undefined {
  switch (type) {
    case "TEXT":
      return { text: text ?? "" };
    case "IMAGE":
    case "VIDEO":
    case "AUDIO":
    case "FILE":
      return fileContent(mediaOf(rich, type.toLowerCase()), text);
    case "RICH_CARD":
      return richCard(objectOf(rich["richCard"]));
    case "CAROUSEL":
      return carousel(objectOf(rich["carousel"]));
    default:
      return undefined;
  }
}

/** A file has no words of its own; a card has. */
function fileContent({ url, thumbnail }: JsonObject, text: string | null): JsonObject | undefined {
  if (typeof url !== "string") return undefined;
  const thumbnailUrl = typeof thumbnail === "string" && { thumbnailUrl: thumbnail };
  const contentInfo = { fileUrl: url, ...thumbnailUrl };
  if (!text) return { contentInfo };
  return standaloneCard({ description: text, media: { height: "MEDIUM", contentInfo } });
}

/** As 8x8 writes it, or as Google does. */
function richCard(card: JsonObject): JsonObject | undefined {
  if (isObject(card["standaloneCard"]) || isObject(card["carouselCard"])) return { richCard: card };
  const { cardOrientation, thumbnailImageAlignment, ...content } = card;
  if (Object.keys(content).length === 0) return undefined;
  return standaloneCard(cardOf(content), {
    ...(cardOrientation !== undefined && { cardOrientation: inCapitals(cardOrientation) }),
    ...(thumbnailImageAlignment !== undefined && {
      thumbnailImageAlignment: inCapitals(thumbnailImageAlignment),
    }),
  });
}

function standaloneCard(cardContent: JsonObject, how: JsonObject = {}): JsonObject {
  const around = { cardOrientation: "VERTICAL", ...how };
  return { richCard: { standaloneCard: { ...around, cardContent } } };
}

function carousel({ cardWidth = "MEDIUM", cards }: JsonObject): JsonObject | undefined {
  const cardContents = Array.isArray(cards) ? cards.filter(isObject).map(cardOf) : [];
  if (cardContents.length === 0) return undefined;
  return { richCard: { carouselCard: { cardWidth: inCapitals(cardWidth), cardContents } } };
}

/** A card without a medium, or with one of a height. */
function cardOf({ media, ...card }: JsonObject): JsonObject {
  if (!isObject(media)) return card;
  const { height, ...medium } = media;
  return {
    ...card,
    media: { ...medium, ...(height !== undefined && { height: inCapitals(height) }) },
  };
}

/** Google knows its words in capitals alone. */
function inCapitals(word: unknown): unknown {
  return typeof word === "string" ? word.toUpperCase() : word;
}
