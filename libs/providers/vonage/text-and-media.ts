// What an SMS and an RCS message say, in Vonage's words.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { contentMessage } from "../content/rcs-content.ts";
import { mediaOf, richOf } from "../rich-content.ts";

type Content = DispatchCommand["content"];

const ENCODINGS: ReadonlyMap<unknown, string> = new Map([
  ["GSM", "text"],
  ["UNICODE", "unicode"],
]);

/** A text, whatever else there would be. */
export function smsMessage({ text, smsEncoding }: Content): JsonObject {
  const encoding = ENCODINGS.get(smsEncoding);
  return { ...textMessage(text), ...(encoding && { sms: { encoding_type: encoding } }) };
}

/** Texts and media alone are Vonage's own; what there is beside them goes in Google's form. */
export function rcsMessage(content: Content): JsonObject | undefined {
  const { type, text } = content;
  const rich = richOf(content);
  const isAlone = rich["suggestions"] === undefined && (type === "TEXT" || !text);
  if (isAlone && type === "TEXT") return textMessage(text);
  if (isAlone && (type === "IMAGE" || type === "VIDEO" || type === "FILE")) {
    return mediaMessage(type.toLowerCase(), rich, {});
  }
  const message = contentMessage(content);
  return message && { message_type: "custom", custom: { contentMessage: message } };
}

export function textMessage(text: string | null): JsonObject {
  return { message_type: "text", text: text ?? "" };
}

/** By its URL; undefined where there is none. `more`: beside the URL. */
export function mediaMessage(
  type: string,
  rich: JsonObject,
  more: JsonObject,
): JsonObject | undefined {
  const { url } = mediaOf(rich, type);
  return typeof url === "string" ? { message_type: type, [type]: { url, ...more } } : undefined;
}
