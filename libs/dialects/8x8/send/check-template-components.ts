// `content.template.components`: which there may be, and which parameters each may have.

import { TEMPLATE_PARAMETER_COUNT_MAX } from "#libs/contracts/limits.ts";
import { member } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { checkParameter } from "./check-template-parameter.ts";

/** 8x8's OpenAPI has all but the last one, which is WhatsApp's; underscores do not matter. */
const TYPES = [
  "header",
  "body",
  "footer",
  "button",
  "carousel",
  "callpermissionrequest",
  "requestcontactinfo",
  "limitedtimeoffer",
] as const;
/** Meta's limit of a template's buttons. */
const BUTTON_COUNT_MAX = 10;
const PATH = "content.template.components";

type ComponentType = (typeof TYPES)[number];

/** Refuses with 3033, 3034 and 3039 to 3049. A template without variables needs no components. */
export function checkComponents(value: unknown): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) throw new Refusal(3034, `${PATH} must be an array.`);
  const components = value.map((item: unknown, index) => parseComponent(item, `${PATH}[${index}]`));
  const counts = new Map<ComponentType, number>();
  for (const { type } of components) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const [type, count] of counts) {
    if (count <= (type === "button" ? BUTTON_COUNT_MAX : 1)) continue;
    throw new Refusal(3034, `${PATH} has ${count} of type ${type}.`);
  }
  const parameterCount = components.reduce((sum, { parameters }) => sum + parameters.length, 0);
  if (parameterCount > TEMPLATE_PARAMETER_COUNT_MAX) {
    throw new Refusal(3033, `${PATH} have more than ${TEMPLATE_PARAMETER_COUNT_MAX} parameters.`);
  }
}

function parseComponent(item: unknown, path: string) {
  const component = isObject(item) ? item : {};
  const type = parseType(member(component, "type"), path);
  if (type === "button") checkIndex(member(component, "index"), path);
  const parameters = parseParameters(component, path);
  for (const [index, parameter] of parameters.entries()) {
    checkParameter(parameter, { component: type, path: `${path}.parameters[${index}]` });
  }
  return { type, parameters };
}

function parseType(value: unknown, path: string): ComponentType {
  const name = typeof value === "string" ? value.toLowerCase().replaceAll("_", "") : "";
  const type = TYPES.find((known) => known === name);
  if (type) return type;
  throw new Refusal(3039, `${path}.type must be header, body, footer or button.`);
}

/** Clients write it as a number or as digits. */
function checkIndex(index: unknown, path: string): void {
  const digits = typeof index === "number" ? String(index) : index;
  if (digits === undefined || (typeof digits === "string" && /^\d$/.test(digits))) return;
  throw new Refusal(3049, `${path}.index must be from 0 to ${BUTTON_COUNT_MAX - 1}.`);
}

function parseParameters(component: JsonObject, path: string): unknown[] {
  const parameters = member(component, "parameters");
  if (parameters === undefined) return [];
  if (!Array.isArray(parameters)) throw new Refusal(3041, `${path}.parameters must be an array.`);
  if (parameters.length > 0) return parameters;
  throw new Refusal(3040, `${path}.parameters is empty; leave it out where there are none.`);
}
