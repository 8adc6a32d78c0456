// What a message says beside its text, by type: it is there and has the form that 8x8 documents.

import { DIRECT_SEND_TTL_SECONDS } from "#libs/channel-ttl/rich-content.ts";
import type { ContentType } from "#libs/contracts/generated/types.ts";
import { RICH_BYTES_MAX } from "#libs/contracts/limits.ts";
import type { ErrorCode } from "#libs/dialects/8x8/error-codes.ts";
import { member } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { isHttpUrl } from "#libs/judgement/http-url.ts";
import { isPoint } from "#libs/judgement/is-point.ts";
import type { Account } from "#libs/settings/account.ts";
import { checkTemplate } from "./check-template.ts";

type Check = (content: JsonObject, account: Account) => void;

const CHECKS: Readonly<Partial<Record<ContentType, Check>>> = {
  TEMPLATE: (content, account) => checkTemplate(member(content, "template"), account),
  INTERACTIVE: checkInteractive,
  IMAGE: (content) => checkMedia(content, "image"),
  VIDEO: (content) => checkMedia(content, "video"),
  AUDIO: (content) => checkMedia(content, "audio"),
  FILE: (content) => checkMedia(content, "file"),
  LOCATION: checkLocation,
  CAROUSEL: (content) => checkObject(content, "carousel", 3004),
  RICH_CARD: (content) => checkObject(content, "richCard", 3004),
};

/**
 * Everything but the texts, as the client's JSON; null where there is nothing else. Refuses what the
 * type cannot do without; whatever else is in it is the provider's business.
 */
export function parseRich(type: ContentType, content: JsonObject, account: Account): string | null {
  CHECKS[type]?.(content, account);
  checkDirectSend(member(content, "whatsApp"));
  const { text: _text, fallbackText: _fallbackText, sms: _sms, ...rich } = content;
  if (Object.keys(rich).length === 0) return null;
  const json = JSON.stringify(rich);
  if (Buffer.byteLength(json) <= RICH_BYTES_MAX) return json;
  throw new Refusal(1010, "content is larger than 256 KiB.");
}

/** WhatsApp's form, or Viber's button. */
function checkInteractive(content: JsonObject): void {
  if (isObject(member(content, "button"))) return;
  checkObject(content, "interactive", 3004);
}

function checkObject(content: JsonObject, name: string, code: ErrorCode): void {
  const value = member(content, name);
  if (isObject(value) && Object.keys(value).length > 0) return;
  throw new Refusal(code, `content.${name} must be an object with something in it.`);
}

/** `content.whatsApp.directSend`: the TTL that WhatsApp is told. */
function checkDirectSend(whatsApp: unknown): void {
  const directSend = isObject(whatsApp) ? member(whatsApp, "directSend") : undefined;
  const seconds = isObject(directSend) ? member(directSend, "ttlSeconds") : undefined;
  if (seconds === undefined) return;
  const { minimum, maximum } = DIRECT_SEND_TTL_SECONDS;
  if (Number.isInteger(seconds) && Number(seconds) >= minimum && Number(seconds) <= maximum) return;
  const range = `${minimum} to ${maximum}`;
  throw new Refusal(1010, `content.whatsApp.directSend.ttlSeconds must be from ${range}.`);
}

/** 8x8 documents `content.url`; a URL or an uploaded file's id within `content.image` is taken too. */
function checkMedia(content: JsonObject, name: string): void {
  const inner = member(content, name);
  const media = isObject(inner) ? inner : {};
  const url = member(content, "url") ?? member(media, "url");
  if (isHttpUrl(url)) return;
  if (url !== undefined && url !== "") {
    throw new Refusal(3008, "content.url must be an http or https URL.");
  }
  if (member(media, "id") === undefined) throw new Refusal(3007, "content.url is missing.");
}

function checkLocation(content: JsonObject): void {
  const inner = member(content, "location");
  if (isPoint(isObject(inner) ? inner : content)) return;
  throw new Refusal(3021, "content.location needs latitude and longitude in degrees.");
}
