// A filled template in Meta's form, from which other providers' forms are read.
import { isObject, type JsonObject } from "#libs/json/json-object.ts";

const MEDIA = new Set(["image", "video", "document"]);

/** Its name, its language and what its components are filled with; no `components` where nothing is. */
export function templateObject(template: JsonObject): JsonObject {
  const { name, language, components } = template;
  const code = isObject(language) ? language["code"] : language;
  const filled = Array.isArray(components) ? components.filter(isObject).map(componentOf) : [];
  return { name, language: { code }, ...(filled.length > 0 && { components: filled }) };
}

/** 8x8 writes `subType`; an index is digits in most of Meta's examples, and numbers in others. */
function componentOf(component: JsonObject): JsonObject {
  const { type, subType, sub_type = subType, index, parameters, ...rest } = component;
  return {
    ...rest,
    type: typeof type === "string" ? snakeCase(type) : type,
    ...(sub_type !== undefined && { sub_type }),
    ...(index !== undefined && { index: typeof index === "number" ? `${index}` : index }),
    ...(Array.isArray(parameters) && { parameters: parameters.filter(isObject).map(parameterOf) }),
  };
}

/** 8x8 has a medium's URL beside its type, Meta within a member of that name. */
function parameterOf({ type, url, couponCode, ...rest }: JsonObject): JsonObject {
  const word = typeof type === "string" ? snakeCase(type) : "";
  if (MEDIA.has(word) && url !== undefined) return { type: word, [word]: { link: url } };
  if (couponCode !== undefined) return { ...rest, type: word, coupon_code: couponCode };
  return { ...rest, ...(url !== undefined && { url }), type: word };
}

/** `limitedTimeOffer` to `limited_time_offer`. */
function snakeCase(word: string): string {
  return word.replaceAll(/[a-z](?=[A-Z])/g, "$&_").toLowerCase();
}
