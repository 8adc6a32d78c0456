// The form of `outboundContent`, and the parts of it that several kinds of content have.
import { isObject } from "#libs/json/json-object.ts";

/** A line, a medium, or a place on a map. */
export type Header =
  | { type: "text"; text: string }
  | { type: string; media: { url: string; filename?: string } }
  | { type: "location"; location: object };

/** Members that there is nothing for are absent; a button's `value` may be null, as 8x8's is. */
export type OutboundContent = {
  channel: "whatsapp";
  contentType: string;
  template?: { name: string; language: string; category?: string };
  header?: Header;
  body?: { text: string };
  footer?: { text: string };
  actions?: object;
  cards?: readonly object[];
  meta?: { redacted: true; redactionReason: string } | { interactiveType: string };
};
/** What one kind of content has to say of it. */
export type SaidContent = Omit<OutboundContent, "channel">;

/**
 * Of the first of these that names a URL, as 8x8 (`url`) or WhatsApp (`link`) does; undefined where
 * none does: an uploaded file's id is nothing that a receiver could look at.
 */
export function mediaHeader(type: string, places: readonly unknown[]): Header | undefined {
  for (const place of places.filter(isObject)) {
    const url = place["url"] ?? place["link"];
    const { filename } = place;
    if (typeof url !== "string") continue;
    return { type, media: { url, ...(typeof filename === "string" && { filename }) } };
  }
  return undefined;
}

/** Degrees are numbers here; 8x8's own samples write them as strings in requests. */
export function locationHeader(place: unknown): Header | undefined {
  if (!isObject(place)) return undefined;
  const { name, address } = place;
  const [latitude, longitude] = [degrees(place["latitude"]), degrees(place["longitude"])];
  if (Number.isNaN(latitude) || Number.isNaN(longitude)) return undefined;
  const words = {
    ...(typeof name === "string" && { name }),
    ...(typeof address === "string" && { address }),
  };
  return { type: "location", location: { latitude, longitude, ...words } };
}

function degrees(written: unknown): number {
  const isWritten = typeof written === "number" || (typeof written === "string" && written !== "");
  return isWritten ? Number(written) : Number.NaN;
}
