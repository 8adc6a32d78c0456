// Lists are counted before anything else is looked at: a schema's own limit comes too late, because
// whether all items differ is found out by comparing each with each, and every item's fault is noted.
import { type TSchema, Type } from "typebox";
import { isObject } from "./json-object.ts";

type Overfull = { path: string; words: string; keyword: "maxItems" };

/** The first list that has more items than its schema allows, as a fault; undefined where none has. */
export function findOverfull(schema: TSchema, value: unknown, path = ""): Overfull | undefined {
  if (Type.IsUnion(schema)) return firstOf(schema.anyOf, (each) => findOverfull(each, value, path));
  if (Type.IsArray(schema)) return findInArray(schema, value, path);
  if (!Type.IsObject(schema) || !isObject(value)) return undefined;
  return firstOf(Object.entries(schema.properties), ([name, member]) =>
    Object.hasOwn(value, name) ? findOverfull(member, value[name], `${path}/${name}`) : undefined,
  );
}

type ArraySchema = { items: TSchema; maxItems?: number };

function findInArray(
  { items, maxItems }: ArraySchema,
  value: unknown,
  path: string,
): Overfull | undefined {
  if (!Array.isArray(value)) return undefined;
  if (maxItems !== undefined && value.length > maxItems) {
    return { path, words: `must not have more than ${maxItems} items`, keyword: "maxItems" };
  }
  return firstOf([...value.entries()], ([index, item]) =>
    findOverfull(items, item, `${path}/${index}`),
  );
}

function firstOf<Each>(all: readonly Each[], find: (each: Each) => Overfull | undefined) {
  for (const each of all) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
