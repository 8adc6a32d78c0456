// The body of a dispatch, or all that is wrong with its form at once.

import { STEP_COUNT_MAX } from "#libs/contracts/limits.ts";
import { isObject } from "#libs/json/json-object.ts";
import { givenParser, ShapeError, type ShapeFault } from "#libs/json/parse-given.ts";
import { formOf, type Item, type ItemForm, itemSchema, WorkflowBody } from "./body.ts";
import { dispatchError, toParameters } from "./dispatch-error.ts";

const parseWorkflow = givenParser(WorkflowBody);

/** The items in their order. Throws VonageError with all that is wrong. */
export function readBody(given: unknown): Item[] {
  const { faults } = shaped(() => parseWorkflow(given), "");
  const items = itemsOf(given).map((item, index, { length }) => {
    const isLast = index === length - 1;
    return shaped(() => parserOf(item, isLast)(item), `/workflow/${index}`);
  });
  const all = [...faults, ...items.flatMap((item) => item.faults)];
  if (all.length > 0) throw dispatchError(unique(all).flatMap(toParameters));
  return items.flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/** None of a list that is too long, which is told as a whole. */
function itemsOf(given: unknown): unknown[] {
  const items: unknown = isObject(given) ? given["workflow"] : undefined;
  return Array.isArray(items) && items.length <= STEP_COUNT_MAX ? items : [];
}

const parsers = new Map<string, (given: unknown) => Item>();

/** There are some twenty forms; the parser of each is made once. */
function parserOf(item: unknown, isLast: boolean): (given: unknown) => Item {
  const type = memberOf(memberOf(item, "to"), "type");
  const contentType = memberOf(memberOf(memberOf(item, "message"), "content"), "type");
  const form: ItemForm = { ...formOf(type, contentType), isLast };
  const key = `${form.type} ${form.contentType} ${isLast}`;
  const parser = parsers.get(key) ?? givenParser(itemSchema(form));
  parsers.set(key, parser);
  return parser;
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

type Shaped<Value> = { value?: Value; faults: readonly ShapeFault[] };

function shaped<Value>(parse: () => Value, place: string): Shaped<Value> {
  try {
    return { value: parse(), faults: [] };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return { faults: error.faults.map((fault) => ({ ...fault, path: place + fault.path })) };
  }
}

/** A text that is no Unicode is found in the whole, and in its item again. */
function unique(faults: readonly ShapeFault[]): ShapeFault[] {
  return [...new Map(faults.map((fault) => [`${fault.path} ${fault.words}`, fault])).values()];
}
