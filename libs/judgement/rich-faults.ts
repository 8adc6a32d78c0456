// The form of rich content by its type, as far as no channel can do without it. It is that of 8x8's
// OpenAPI; whatever else is in it is the provider's business.
import type { ContentType } from "#libs/contracts/generated/types.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { type Fault, fault } from "./fault.ts";
import { isHttpUrl } from "./http-url.ts";
import { isPoint } from "./is-point.ts";
import { templateFaults } from "./template-faults.ts";

type Check = (rich: JsonObject, path: string) => Fault[];

const CHECKS: Readonly<Partial<Record<ContentType, Check>>> = {
  TEMPLATE: (rich, path) => templateFaults(rich["template"], `${path}/template`),
  INTERACTIVE: interactiveFaults,
  CAROUSEL: member("carousel"),
  RICH_CARD: member("richCard"),
  IMAGE: media("image"),
  VIDEO: media("video"),
  AUDIO: media("audio"),
  FILE: media("file"),
  LOCATION: locationFaults,
};

/** What stands against rich content of that type; `path` is where it stands in the body. */
export function richFaults(type: ContentType, rich: JsonObject, path: string): Fault[] {
  return CHECKS[type]?.(rich, path) ?? [];
}

/** WhatsApp's form, or Viber's button. */
function interactiveFaults(rich: JsonObject, path: string): Fault[] {
  return isObject(rich["button"]) ? [] : member("interactive")(rich, path);
}

function member(name: string): Check {
  return (rich, path) => {
    const value = rich[name];
    if (isObject(value) && Object.keys(value).length > 0) return [];
    const words = "must be an object with something in it";
    return [fault("bad-rich-content", `${path}/${name}`, words)];
  };
}

/** A `url` of its own, or a URL or an uploaded file's id in the member that is named as the type. */
function media(name: string): Check {
  return (rich, path) => {
    const inner = rich[name];
    const { url, link, id }: JsonObject = isObject(inner) ? inner : {};
    const given = rich["url"] ?? url ?? link;
    if (isHttpUrl(given) || (given === undefined && typeof id === "string" && id !== "")) return [];
    const words = `or ${path}/${name}/url must be an http or https URL`;
    return [fault("bad-rich-content", `${path}/url`, words)];
  };
}

function locationFaults(rich: JsonObject, path: string): Fault[] {
  const place = isObject(rich["location"]) ? rich["location"] : rich;
  if (isPoint(place)) return [];
  const words = "needs latitude and longitude in degrees";
  return [fault("bad-rich-content", `${path}/location`, words)];
}
