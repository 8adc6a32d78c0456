// One card of RCS, from Google's form to Infobip's.
import type { JsonObject } from "#libs/json/json-object.ts";
import { objectOf } from "../../rich-content.ts";
import { suggestionsOf } from "./suggestions.ts";

/** Undefined where a suggestion is of a kind that Infobip does not know. */
export function cardContent({
  title,
  description,
  media,
  suggestions: given,
}: JsonObject): JsonObject | undefined {
  const suggestions = suggestionsOf(given);
  if (!suggestions) return undefined;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(media !== undefined && { media: mediaOfCard(objectOf(media)) }),
    ...(suggestions.length > 0 && { suggestions }),
  };
}

/** A medium with words under it. */
export function mediaCard({ url, text }: { url: string; text: string }): JsonObject {
  const media = { file: { url }, height: "MEDIUM" };
  const content = { description: text, media };
  return { type: "CARD", orientation: "VERTICAL", alignment: "LEFT", content };
}

/** A card that lies on its side has no height of its own in Google's form; Infobip wants one. */
function mediaOfCard({ height, contentInfo }: JsonObject): JsonObject {
  const { fileUrl, thumbnailUrl } = objectOf(contentInfo);
  return {
    file: { url: fileUrl },
    ...(thumbnailUrl !== undefined && { thumbnail: { url: thumbnailUrl } }),
    height: typeof height === "string" ? height.toUpperCase() : "MEDIUM",
  };
}
