import type { Content } from "#libs/contracts/generated/types.ts";
import { isObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { type Account, templateName } from "#libs/settings/account.ts";

/**
 * What Meta charges a WhatsApp message as: a template by its category, which the account's settings
 * know, 8x8's direct send as it says, and what answers a customer as service. undefined for a
 * template that the settings do not have: Meta's own word comes to the carrier only.
 */
export function pricingCategory(
  { type, richJson }: Pick<Content, "type" | "richJson">,
  { templates }: Pick<Account, "templates">,
): string | undefined {
  const rich = parseJson(richJson ?? "{}");
  const { template, whatsApp } = isObject(rich) ? rich : {};
  if (type === "TEMPLATE") {
    const { name, language } = isObject(template) ? template : {};
    if (typeof name !== "string" || typeof language !== "string") return undefined;
    return templates.get(templateName({ name, language }))?.category;
  }
  const directSend = isObject(whatsApp) ? whatsApp["directSend"] : undefined;
  const category = isObject(directSend) ? directSend["category"] : undefined;
  return category === "utility" ? category : "service";
}
