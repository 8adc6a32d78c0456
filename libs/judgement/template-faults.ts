// A WhatsApp template as a request names and fills it: what Meta is known to refuse is told at once,
// instead of each message's failing there and falling through.
import {
  TEMPLATE_CARD_COUNT_MAX,
  TEMPLATE_COMPONENT_COUNT_MAX,
  TEMPLATE_PARAMETER_COUNT_MAX,
} from "#libs/contracts/limits.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { TEMPLATE_LANGUAGE, TEMPLATE_NAME } from "#libs/settings/bodies/template.ts";
import { isBlank } from "./blank-text.ts";
import { type Fault, fault } from "./fault.ts";

const NAME_WORDS = "must have 1 to 512 of the characters a to z, 0 to 9 and _";
const LANGUAGE_WORDS = "must be a language such as en or en_US";
/** Meta's error 132018 ("new-line/tab characters or more than 4 consecutive spaces"). */
const REFUSED_BLANKS = /[\r\n\t\u2028\u2029]| {5}/;

/** Faults of `template`: its name, its language, its parameters. */
export function templateFaults(template: unknown, path: string): Fault[] {
  if (!isObject(template)) {
    return [fault("content-missing", path, "is missing: type TEMPLATE needs it")];
  }
  const { name, language, components } = template;
  return [
    ...(isWord(name, TEMPLATE_NAME) ? [] : [fault("bad-rich-content", `${path}/name`, NAME_WORDS)]),
    ...(isWord(language, TEMPLATE_LANGUAGE)
      ? []
      : [fault("bad-rich-content", `${path}/language`, LANGUAGE_WORDS)]),
    ...componentsFaults(components, `${path}/components`, componentFaults),
  ];
}

function isWord(word: unknown, rule: RegExp): boolean {
  return typeof word === "string" && rule.test(word);
}

/** Counted first: a fault of each of thousands tells nobody more than that there are thousands. */
function componentsFaults(components: unknown, path: string, faultsOf: FaultsOf): Fault[] {
  const all: unknown[] = Array.isArray(components) ? components : [];
  if (all.length > TEMPLATE_COMPONENT_COUNT_MAX) {
    return [tooMany(path, `${TEMPLATE_COMPONENT_COUNT_MAX} items`)];
  }
  const parameterCount = all.reduce<number>(
    (sum, component) => sum + parameterCountOf(component),
    0,
  );
  if (parameterCount > TEMPLATE_PARAMETER_COUNT_MAX) {
    const words = `must not have more than ${TEMPLATE_PARAMETER_COUNT_MAX} parameters`;
    return [fault("bad-template-parameter", path, words)];
  }
  return each(components, path, faultsOf);
}

function tooMany(path: string, what: string): Fault {
  return fault("bad-rich-content", path, `must not have more than ${what}`);
}

function parameterCountOf(component: unknown): number {
  const parameters = isObject(component) ? component["parameters"] : undefined;
  return Array.isArray(parameters) ? parameters.length : 0;
}

function componentFaults(component: unknown, path: string): Fault[] {
  const isCarousel = isObject(component) && wordOf(component["type"]) === "carousel";
  if (!isCarousel) return partFaults(component, path);
  const cards: unknown = component["cards"];
  if (Array.isArray(cards) && cards.length > TEMPLATE_CARD_COUNT_MAX) {
    return [tooMany(`${path}/cards`, `${TEMPLATE_CARD_COUNT_MAX} cards`)];
  }
  return each(cards, `${path}/cards`, cardFaults);
}

/** A card has components like the template itself, but no carousel. */
function cardFaults(card: unknown, path: string): Fault[] {
  if (!isObject(card)) return [notAnObject(path)];
  return componentsFaults(card["components"], `${path}/components`, partFaults);
}

function partFaults(component: unknown, path: string): Fault[] {
  if (!isObject(component)) return [notAnObject(path)];
  return each(component["parameters"], `${path}/parameters`, parameterFaults);
}

function notAnObject(path: string): Fault {
  return fault("bad-rich-content", path, "must be an object");
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

type FaultsOf = (item: unknown, path: string) => Fault[];

function each(items: unknown, path: string, faultsOf: FaultsOf): Fault[] {
  if (items === undefined || items === null) return [];
  if (!Array.isArray(items)) return [fault("bad-rich-content", path, "must be an array")];
  return items.flatMap((item: unknown, index) => faultsOf(item, `${path}/${index}`));
}
