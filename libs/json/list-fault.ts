// Lists are counted and compared before anything else is looked at: a schema's own limit comes too late,
// because every item's fault is noted, and each item that repeats another is noted by copying all before it.
import { type TSchema, Type } from "typebox";
import { isObject } from "./json-object.ts";

type ListFault = { path: string; words: string; keyword: "maxItems" | "uniqueItems" };

/**
 * The first list that has more items than its schema allows, or one of them twice where all are to differ, as a fault;
 * undefined where none has. In time that grows as the value does.
 */
export function findListFault(schema: TSchema, value: unknown, path = ""): ListFault | undefined {
  if (Type.IsUnion(schema))
    return firstOf(schema.anyOf, (each) => findListFault(each, value, path));
  if (Type.IsArray(schema)) return findInArray(schema, value, path);
  if (!Type.IsObject(schema) || !isObject(value)) return undefined;
  return firstOf(Object.entries(schema.properties), ([name, member]) =>
    Object.hasOwn(value, name) ? findListFault(member, value[name], `${path}/${name}`) : undefined,
  );
}

type ArraySchema = { items: TSchema; maxItems?: number; uniqueItems?: boolean };

function findInArray(
  { items, maxItems, uniqueItems = false }: ArraySchema,
  value: unknown,
  path: string,
): ListFault | undefined {
  if (!Array.isArray(value)) return undefined;
  if (maxItems !== undefined && value.length > maxItems) {
    return { path, words: `must not have more than ${maxItems} items`, keyword: "maxItems" };
  }
  if (uniqueItems && new Set(value.map(spelt)).size < value.length) {
    return { path, words: "must not have duplicate items", keyword: "uniqueItems" };
  }
  return firstOf([...value.entries()], ([index, item]) =>
    findListFault(items, item, `${path}/${index}`),
  );
}

/** Objects that say the same in another order differ here: those the schema finds, of whom nobody sends many. */
function spelt(item: unknown): string {
  return JSON.stringify(item);
}

function firstOf<Each>(all: readonly Each[], find: (each: Each) => ListFault | undefined) {
  for (const each of all) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
