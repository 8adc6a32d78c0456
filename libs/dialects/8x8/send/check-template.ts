// `content.template`: what 8x8 refuses of it before WhatsApp sees it. Its shape is that of 8x8's
// OpenAPI; types are read in any case, as 8x8's examples write them.

import { member } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { type Account, templateName } from "#libs/settings/account.ts";
import { checkComponents } from "./check-template-components.ts";

/** Meta's limit and alphabet of a template's name. */
const NAME_LENGTH_MAX = 512;
const NAME = /^[a-z0-9_]+$/;
/** A language, and up to two of script and region: `en`, `en_US`, `zh_Hans_HK`. */
const LANGUAGE = /^[a-z]{2,3}([_-][a-z0-9]{2,8}){0,2}$/i;

/** Refuses what no template of the account can be. */
export function checkTemplate(value: unknown, account: Account): void {
  if (!isObject(value) || Object.keys(value).length === 0) {
    throw new Refusal(3030, "content.template is missing or has nothing in it.");
  }
  const name = parseName(member(value, "name"));
  const language = parseLanguage(value);
  checkComponents(member(value, "components"));
  if (!Object.hasOwn(account.senders, "whatsapp")) {
    throw new Refusal(3035, "WhatsApp is not set up for it.");
  }
  // Whoever has told us nothing about templates leaves it to WhatsApp to know them.
  if (account.templates.size === 0 || account.templates.has(templateName({ name, language }))) {
    return;
  }
  throw new Refusal(3038, `this sub-account has no template ${name} in ${language}.`);
}

function parseName(name: unknown): string {
  if (name !== undefined && typeof name !== "string") {
    throw new Refusal(3032, "content.template.name must be a string.");
  }
  if (!name || name.length > NAME_LENGTH_MAX) {
    throw new Refusal(3031, `content.template.name must have 1 to ${NAME_LENGTH_MAX} characters.`);
  }
  if (NAME.test(name)) return name;
  throw new Refusal(3032, "content.template.name may have a to z, digits and underscores.");
}

function parseLanguage(template: JsonObject): string {
  const language = member(template, "language");
  if (language === undefined || language === "") {
    throw new Refusal(3036, "content.template.language is missing.");
  }
  if (typeof language === "string" && LANGUAGE.test(language)) return language;
  throw new Refusal(3037, "content.template.language must be a code such as en or en_US.");
}
