// `acl` of a token: which paths it is good for (https://developer.vonage.com/conversation/guides/jwt-acl), as
// `{"paths": {"/*/messages/**": {"methods": ["POST"]}}}`. `*` is one part of a path, `**` any number.
import type { FastifyRequest } from "fastify";
import { isObject } from "#libs/json/json-object.ts";

/**
 * Whether the token may be used for the request; one without an `acl` is good for all. What cannot be
 * read grants nothing, and neither does a rule with `filters`, which are of bodies nobody has read yet.
 */
export function grants(acl: unknown, { method, url }: Pick<FastifyRequest, "method" | "url">) {
  if (acl === undefined) return true;
  const paths = isObject(acl) ? acl["paths"] : undefined;
  if (!isObject(paths)) return false;
  const path = partsOf(url.split("?", 1)[0] ?? "");
  return Object.entries(paths).some(([pattern, rule]) => {
    return isObject(rule) && hasMethod(rule["methods"], method) && !("filters" in rule)
      ? matches(partsOf(pattern), path)
      : false;
  });
}

function hasMethod(methods: unknown, method: string): boolean {
  if (methods === undefined) return true;
  if (!Array.isArray(methods)) return false;
  return methods.some((each) => typeof each === "string" && each.toUpperCase() === method);
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

/** In steps of both lengths: after a part that does not fit, the last `**` takes one part more. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  let [at, index, restart, taken] = [0, 0, -1, 0];
  while (index < path.length) {
    if (pattern[at] === "**") {
      [restart, taken] = [at, index];
      at += 1;
    } else if (pattern[at] === "*" || pattern[at] === path[index]) {
      at += 1;
      index += 1;
    } else if (restart >= 0) {
      taken += 1;
      [at, index] = [restart + 1, taken];
    } else return false;
  }
  return pattern.slice(at).every((part) => part === "**");
}
