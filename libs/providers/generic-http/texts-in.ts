import { isObject } from "#libs/json/json-object.ts";

/** Every text of a value, with its JSON pointer. */
export function textsIn(value: unknown, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (!Array.isArray(value) && !isObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    textsIn(each, `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}
