// How senders write rich content: a medium's URL beside its type, or in the member of that name.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";

/** Empty where there is none. */
export function richOf({ richJson }: Pick<DispatchCommand["content"], "richJson">): JsonObject {
  return objectOf(parseJson(richJson ?? "{}"));
}

/** `name`: the member that is called as the type. */
export function mediaOf(rich: JsonObject, name: string): JsonObject {
  const { url, link = url, ...rest } = objectOf(rich[name] ?? rich["file"]);
  return { ...rest, url: rich["url"] ?? link };
}

/** Itself, or an empty one: at a member of what is no object there is nothing. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
