// A template as a receipt tells it. Its texts are WhatsApp's and not known here: what is told is its
// name and what heads it. So an authentication template's code, which is in the texts, is not told.
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { type Account, templateName } from "#libs/settings/account.ts";
import { type Header, locationHeader, mediaHeader, type SaidContent } from "./outbound-parts.ts";

/** 8x8's own sentence. */
const REDACTED = {
  redacted: true,
  redactionReason: "OTP codes are masked in agent-facing contexts",
} as const;

const MEDIA: readonly unknown[] = ["image", "video", "document"];

export function templateContent(
  template: unknown,
  templates: Account["templates"],
): SaidContent | undefined {
  if (!isObject(template)) return undefined;
  const { name, language } = template;
  if (typeof name !== "string" || typeof language !== "string") return undefined;
  const category = templates.get(templateName({ name, language }))?.category;
  const named = {
    template: { name, language, ...(category && { category: category.toUpperCase() }) },
  };
  const components = objectsIn(template["components"]);
  const carousel = components.find((each) => typeOf(each) === "carousel");
  if (carousel) return { contentType: "carousel", ...named, cards: cardsOf(carousel) };
  const header = headerOf(components);
  const shown = { ...named, ...(header && { header }) };
  return category === "authentication"
    ? { contentType: "template_auth", ...shown, meta: REDACTED }
    : { contentType: "template", ...shown };
}

function cardsOf({ cards }: JsonObject): object[] {
  return objectsIn(cards).map(({ components }, index) => {
    const header = headerOf(objectsIn(components));
    return { index, ...(header && { header }) };
  });
}

/** A header's only parameter; a text in it is but a part of the line. */
function headerOf(components: readonly JsonObject[]): Header | undefined {
  const header = components.find((each) => typeOf(each) === "header");
  const [parameter] = objectsIn(header?.["parameters"]);
  if (!parameter) return undefined;
  const type = typeOf(parameter);
  if (type === "location") return locationHeader(parameter["location"]);
  return MEDIA.includes(type) ? mediaHeader(type, [parameter, parameter[type]]) : undefined;
}

/** Types are read in any case, as 8x8's examples write them. */
function typeOf({ type }: JsonObject): string {
  return typeof type === "string" ? type.toLowerCase() : "";
}

function objectsIn(items: unknown): JsonObject[] {
  return Array.isArray(items) ? items.filter(isObject) : [];
}
