// `content.template`: what 8x8 refuses of it before WhatsApp sees it. Its shape is that of 8x8's
// OpenAPI; types are read in any case, as 8x8's examples write them.

import { TEMPLATE_NAME_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { member } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { isObject } from "#libs/json/json-object.ts";
import type { Account } from "#libs/settings/account.ts";
import { TEMPLATE_LANGUAGE, TEMPLATE_NAME } from "#libs/settings/bodies/template.ts";
import { checkComponents } from "./check-template-components.ts";

/** Refuses what no template can be; whether the account has it is the judge's business. */
export function checkTemplate(value: unknown, account: Account): void {
  if (!isObject(value) || Object.keys(value).length === 0) {
    throw new Refusal(3030, "content.template is missing or has nothing in it.");
  }
  checkName(member(value, "name"));
  checkLanguage(member(value, "language"));
  checkComponents(member(value, "components"));
  if (Object.hasOwn(account.senders, "whatsapp")) return;
  throw new Refusal(3035, "WhatsApp is not set up for it.");
}

function checkName(name: unknown): void {
  if (name !== undefined && typeof name !== "string") {
    throw new Refusal(3032, "content.template.name must be a string.");
  }
  if (!name || name.length > TEMPLATE_NAME_LENGTH_MAX) {
    throw new Refusal(
      3031,
      `content.template.name must have 1 to ${TEMPLATE_NAME_LENGTH_MAX} characters.`,
    );
  }
  if (TEMPLATE_NAME.test(name)) return;
  throw new Refusal(3032, "content.template.name may have a to z, digits and underscores.");
}

function checkLanguage(language: unknown): void {
  if (language === undefined || language === "") {
    throw new Refusal(3036, "content.template.language is missing.");
  }
  if (typeof language === "string" && TEMPLATE_LANGUAGE.test(language)) return;
  throw new Refusal(3037, "content.template.language must be a code such as en or en_US.");
}
