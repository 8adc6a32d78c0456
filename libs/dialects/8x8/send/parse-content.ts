// `type` and `content`: what is to be said.
import type {
  Content,
  ContentType,
  SmsEncoding,
  SmsOptions,
} from "#libs/contracts/generated/types.ts";
import { SMS_SOURCE_LENGTH_MAX, TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { member, parseObject, parseText, type TextRule } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
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

const TEXT: TextRule = {
  name: "content.text",
  invalid: 1004,
  tooLong: 3006,
  lengthMax: TEXT_LENGTH_MAX,
};
const FALLBACK_TEXT: TextRule = { ...TEXT, name: "content.fallbackText", tooLong: 3017 };
const SOURCE: TextRule = {
  name: "content.sms.source",
  invalid: 1005,
  tooLong: 3011,
  lengthMax: SMS_SOURCE_LENGTH_MAX,
};

/** Refuses what no account may send, and a template where this one has no WhatsApp. */
export function parseContent(typeName: unknown, value: unknown, account: Account): Content {
  const type = parseType(typeName);
  if (value === undefined) throw new Refusal(3004);
  const content = parseObject(value, 3004, "content");
  const text = parseText(member(content, "text"), TEXT);
  if (type === "TEXT" && text === null) throw new Refusal(3005);
  const fallbackText = parseText(member(content, "fallbackText"), FALLBACK_TEXT);
  const sms = parseSms(member(content, "sms"));
  return { type, text, richJson: parseRich(type, content, account), fallbackText, sms };
}

function parseType(name: unknown): ContentType {
  const type = typeof name === "string" ? TYPES.get(name.toLowerCase()) : undefined;
  if (type) return type;
  throw new Refusal(3010, `type must be one of ${[...TYPES.keys()].join(", ")}.`);
}

function parseSms(value: unknown): SmsOptions | null {
  if (value === undefined) return null;
  const sms = parseObject(value, 1000, "content.sms");
  const encoding = ENCODINGS.get(member(sms, "encoding") ?? "AUTO");
  if (encoding) return { encoding, source: parseText(member(sms, "source"), SOURCE) };
  const names = [...ENCODINGS.keys()].join(", ");
  throw new Refusal(1003, `content.sms.encoding must be one of ${names}.`);
}
