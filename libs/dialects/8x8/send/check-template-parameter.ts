// One parameter of a template's component.

import { member } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { isHttpUrl } from "#libs/judgement/http-url.ts";
import { isPoint } from "#libs/judgement/is-point.ts";

/** Meta's limit of a template's body, characters; no parameter can be longer. */
const TEXT_LENGTH_MAX = 32_768;

const MEDIA = ["image", "gif", "video", "document"];
const BUTTONS_ONLY = ["payload", "couponcode", "action", "ttlminutes"];
/** 8x8's OpenAPI has all but currency and datetime, which are WhatsApp's. */
const TYPES = [...MEDIA, ...BUTTONS_ONLY, "text", "location", "currency", "datetime"];
const OFFER = "limitedtimeoffer";

const HOST_AND_PATH = /^[a-z0-9-]+(\.[a-z0-9-]+)+\/\S+$/i;

type Place = { component: string; path: string };

/** Refuses a parameter that lacks what its type is about, or stands where it cannot. */
export function checkParameter(value: unknown, place: Place): void {
  const { component, path } = place;
  if (!isObject(value)) throw new Refusal(3041, `${path} must be an object.`);
  const type = parseType(member(value, "type"), path);
  // Cards of a carousel and offers have parameters of their own making.
  if (component === "carousel" || component === OFFER) return;
  if (!isAllowed(type, component)) {
    throw new Refusal(3045, `${path} of type ${type} cannot be in a ${component}.`);
  }
  if (type === "text") checkText(value, place);
  else if (MEDIA.includes(type)) checkMedia(value, type, path);
  else if (type === "location") checkLocation(value, path);
  else if (BUTTONS_ONLY.includes(type)) checkButton(value, type, path);
}

function parseType(value: unknown, path: string): string {
  const type = typeof value === "string" ? value.toLowerCase().replaceAll("_", "") : "";
  if (TYPES.includes(type) || type === OFFER) return type;
  throw new Refusal(3042, `${path}.type must be text, image, video, document, location ...`);
}

function isAllowed(type: string, component: string): boolean {
  if (component === "footer" || type === OFFER) return false;
  if (MEDIA.includes(type) || type === "location") return component === "header";
  if (BUTTONS_ONLY.includes(type)) return component === "button";
  return true;
}

function checkText(parameter: JsonObject, { component, path }: Place): void {
  const text = member(parameter, "text");
  if (typeof text !== "string" || text === "") {
    throw new Refusal(component === "button" ? 3049 : 3041, `${path}.text is missing.`);
  }
  if (text.length <= TEXT_LENGTH_MAX) return;
  throw new Refusal(3043, `${path}.text has more than ${TEXT_LENGTH_MAX} characters.`);
}

/** 8x8 documents `url`; WhatsApp's own form `{image: {link}}` or `{image: {id}}` is taken too. */
function checkMedia(parameter: JsonObject, type: string, path: string): void {
  const inner = member(parameter, type);
  const media = isObject(inner) ? inner : {};
  const url = member(parameter, "url") ?? member(media, "url") ?? member(media, "link");
  if (isMediaUrl(url) || (url === undefined && member(media, "id") !== undefined)) return;
  throw new Refusal(3046, `${path}.url must be an http or https URL.`);
}

/** A sample of 8x8's leaves the scheme out: `www.example.com/image.jpg`. */
function isMediaUrl(url: unknown): boolean {
  if (isHttpUrl(url)) return true;
  return typeof url === "string" && HOST_AND_PATH.test(url) && isHttpUrl(`https://${url}`);
}

function checkLocation(parameter: JsonObject, path: string): void {
  const place = member(parameter, "location");
  if (isObject(place) && isPoint(place)) return;
  throw new Refusal(3044, `${path}.location needs latitude and longitude in degrees.`);
}

/** Whatever its type is called, it carries a member that is not empty beside `type`. */
function checkButton(parameter: JsonObject, type: string, path: string): void {
  // A flow's button may leave its data out.
  if (type === "action") return;
  const carried = Object.keys(parameter).filter((name) => name !== "type");
  if (carried.some((name) => (member(parameter, name) ?? "") !== "")) return;
  throw new Refusal(3049, `${path} has nothing but its type.`);
}
