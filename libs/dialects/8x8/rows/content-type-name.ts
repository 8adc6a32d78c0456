// Kinds of content as 8x8's read answer names them. They are not the words of its requests.
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Content, ContentType } from "#libs/contracts/generated/types.ts";
import { parseJson } from "#libs/json/parse-json.ts";

/** 8x8 lists no name for a rich card and none for what is unknown; a client reads them as text. */
const NAMES: Readonly<Record<Exclude<ContentType, "INTERACTIVE">, string>> = {
  UNKNOWN: "Unknown",
  TEXT: "Text",
  TEMPLATE: "Template",
  IMAGE: "Image",
  VIDEO: "Video",
  AUDIO: "Audio",
  FILE: "File",
  LOCATION: "Location",
  CAROUSEL: "Carousel",
  RICH_CARD: "RichCard",
};

const ListMessage = Type.Object({
  interactive: Type.Object({ type: Type.Enum(["list", "product_list"]) }),
});

/** 8x8 names interactive messages by what the person sees: a list, or something to tap. */
export function contentTypeName({ type, richJson }: Pick<Content, "type" | "richJson">): string {
  if (type !== "INTERACTIVE") return NAMES[type];
  return Value.Check(ListMessage, parseJson(richJson ?? "")) ? "List" : "Buttons";
}
