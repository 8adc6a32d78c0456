// A WhatsApp template as a request names and fills it: what Meta is known to refuse is told at once,
// instead of each message's failing there and falling through.
import {
  TEMPLATE_COMPONENT_COUNT_MAX,
  TEMPLATE_NAME_LENGTH_MAX,
  TEMPLATE_PARAMETER_COUNT_MAX,
} from "#libs/contracts/limits.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { isBlank } from "./blank-text.ts";
import { type Fault, fault } from "./fault.ts";

const LANGUAGE_LENGTH_MAX = 16;
/** Meta's error 132018 ("new-line/tab characters or more than 4 consecutive spaces"). */
const REFUSED_BLANKS = /[\r\n\t\u2028\u2029]| {5}/;

/** Faults of `template`: its name, its language, its parameters. */
export function templateFaults(template: unknown, path: string): Fault[] {
  if (!isObject(template)) {
    return [fault("content-missing", path, "is missing: type TEMPLATE needs it")];
  }
  const { name, language, components } = template;
  return [
    ...wordFaults(name, `${path}/name`, TEMPLATE_NAME_LENGTH_MAX),
    ...wordFaults(language, `${path}/language`, LANGUAGE_LENGTH_MAX),
    ...componentsFaults(components, `${path}/components`),
  ];
}

/** Counted first: a fault of each of thousands tells nobody more than that there are thousands. */
function componentsFaults(components: unknown, path: string): Fault[] {
  const all: unknown[] = Array.isArray(components) ? components : [];
  if (all.length > TEMPLATE_COMPONENT_COUNT_MAX) {
    const words = `must not have more than ${TEMPLATE_COMPONENT_COUNT_MAX} items`;
    return [fault("bad-rich-content", path, words)];
  }
  const parameterCount = all.reduce<number>(
    (sum, component) => sum + parameterCountOf(component),
    0,
  );
  if (parameterCount > TEMPLATE_PARAMETER_COUNT_MAX) {
    const words = `must not have more than ${TEMPLATE_PARAMETER_COUNT_MAX} parameters`;
    return [fault("bad-template-parameter", path, words)];
  }
  return each(components, path, componentFaults);
}

function parameterCountOf(component: unknown): number {
  const parameters = isObject(component) ? component["parameters"] : undefined;
  return Array.isArray(parameters) ? parameters.length : 0;
}

function wordFaults(word: unknown, path: string, lengthMax: number): Fault[] {
  if (typeof word === "string" && word !== "" && word.length <= lengthMax) return [];
  return [fault("bad-rich-content", path, `must have 1 to ${lengthMax} characters`)];
}

function componentFaults(component: unknown, path: string): Fault[] {
  if (!isObject(component)) return [fault("bad-rich-content", path, "must be an object")];
  // Cards of a carousel have parameters of their own making.
  if (wordOf(component["type"]) === "carousel") return [];
  return each(component["parameters"], `${path}/parameters`, parameterFaults);
}

/** A parameter is an object whose `type` says which member it carries; a text must be one line. */
function parameterFaults(parameter: unknown, path: string): Fault[] {
  if (!isObject(parameter) || typeof parameter["type"] !== "string") {
    return [
      fault("bad-template-parameter", path, 'must be an object such as {"type":"text", ...}'),
    ];
  }
  return wordOf(parameter["type"]) === "text" ? textFaults(parameter, `${path}/text`) : [];
}

function textFaults({ text }: JsonObject, path: string): Fault[] {
  if (typeof text !== "string" || isBlank(text)) {
    return [fault("bad-template-parameter", path, "must be a text that is not blank")];
  }
  if (!REFUSED_BLANKS.test(text)) return [];
  const words = "has a line end, a tab or five blanks, for which WhatsApp refuses the message";
  return [fault("bad-template-parameter", path, words)];
}

/** Types are written in any case, as in 8x8's own examples. */
function wordOf(type: unknown): unknown {
  return typeof type === "string" ? type.toLowerCase() : type;
}

function each(
  items: unknown,
  path: string,
  faultsOf: (item: unknown, path: string) => Fault[],
): Fault[] {
  if (items === undefined || items === null) return [];
  if (!Array.isArray(items)) return [fault("bad-rich-content", path, "must be an array")];
  return items.flatMap((item: unknown, index) => faultsOf(item, `${path}/${index}`));
}
