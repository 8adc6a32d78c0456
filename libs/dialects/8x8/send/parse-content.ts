// `type` and `content`: what is to be said.
import type {
  Content,
  ContentType,
  SmsEncoding,
  SmsOptions,
} from "#libs/contracts/generated/types.ts";
import { SMS_SOURCE_LENGTH_MAX, TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { member, parseObject, parseText } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import type { Account } from "#libs/settings/account.ts";
import { parseRich } from "./parse-rich.ts";

/** By lower-case name: 8x8's own examples write `text`, `Text` and `richCard`. */
const TYPES: ReadonlyMap<string, ContentType> = new Map([
  ["text", "TEXT"],
  ["template", "TEMPLATE"],
  ["interactive", "INTERACTIVE"],
  // Of 8x8's samples for Viber: a text, an image and one button of Viber's own form.
  ["buttons", "INTERACTIVE"],
  ["image", "IMAGE"],
  ["video", "VIDEO"],
  ["audio", "AUDIO"],
  ["file", "FILE"],
  ["location", "LOCATION"],
  ["carousel", "CAROUSEL"],
  ["richcard", "RICH_CARD"],
]);

/** The guide names AUTO, GSM and UNICODE, the OpenAPI AUTO, GSM7 and UCS2. */
const ENCODINGS: ReadonlyMap<unknown, SmsEncoding> = new Map([
  ["AUTO", "AUTO"],
  ["GSM", "GSM"],
  ["GSM7", "GSM"],
  ["UNICODE", "UNICODE"],
  ["UCS2", "UNICODE"],
]);

/** Refuses what no account may send, and a template that this one does not have. */
export function parseContent(type: unknown, value: unknown, account: Account): Content {
  const contentType = parseType(type);
  if (value === undefined) throw new Refusal(3004);
  const content = parseObject(value, 3004, "content");
  return {
    type: contentType,
    text: parseBody(contentType, content),
    richJson: parseRich(contentType, content, account),
    fallbackText: parseFallbackText(member(content, "fallbackText")),
    sms: parseSms(member(content, "sms")),
  };
}

function parseType(type: unknown): ContentType {
  const found = typeof type === "string" ? TYPES.get(type.toLowerCase()) : undefined;
  if (found) return found;
  throw new Refusal(3010, `type must be one of ${[...TYPES.keys()].join(", ")}.`);
}

function parseBody(type: ContentType, content: JsonObject): string | null {
  const rule = { name: "content.text", lengthMax: TEXT_LENGTH_MAX } as const;
  const text = parseText(member(content, "text"), { ...rule, invalid: 1004, tooLong: 3006 });
  if (type === "TEXT" && text === null) throw new Refusal(3005);
  return text;
}

function parseFallbackText(text: unknown): string | null {
  const rule = { name: "content.fallbackText", lengthMax: TEXT_LENGTH_MAX } as const;
  return parseText(text, { ...rule, invalid: 1004, tooLong: 3017 });
}

function parseSms(value: unknown): SmsOptions | null {
  if (value === undefined) return null;
  const sms = parseObject(value, 1000, "content.sms");
  return {
    encoding: parseEncoding(member(sms, "encoding")),
    source: parseText(member(sms, "source"), {
      name: "content.sms.source",
      invalid: 1005,
      tooLong: 3011,
      lengthMax: SMS_SOURCE_LENGTH_MAX,
    }),
  };
}

function parseEncoding(encoding: unknown): SmsEncoding {
  if (encoding === undefined) return "AUTO";
  const found = ENCODINGS.get(encoding);
  if (found) return found;
  throw new Refusal(
    1003,
    `content.sms.encoding must be one of ${[...ENCODINGS.keys()].join(", ")}.`,
  );
}
