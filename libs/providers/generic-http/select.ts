// Finds texts in what a gateway says.
import type { RE2JS } from "re2js";
import { isObject } from "#libs/json/json-object.ts";
import type { Selector } from "./answer-options.ts";
import { compilePattern, findIn } from "./patterns.ts";

/** `body` is undefined where it is no JSON, `text` null where it was not read to its end. */
export type Said = { text: string | null; body: unknown };
export type Select = (said: Said) => string | undefined;
type Looking = { [Name in keyof Selector]: Selector[Name] | undefined };

/** Undefined where nothing is found. */
export function selecting({ jsonPointer, regex }: Looking): Select {
  const pattern = regex === undefined ? undefined : compilePattern(regex);
  return ({ text, body }) => {
    const found = jsonPointer === undefined ? (text ?? undefined) : textAt(body, jsonPointer);
    return found === undefined ? undefined : narrowed(found, pattern);
  };
}

/** The text at a JSON pointer (RFC 6901); numbers, truth values, objects and lists as their JSON. */
export function textAt(value: unknown, pointer: string): string | undefined {
  const found = valueAt(value, pointer);
  if (found === undefined || found === null) return undefined;
  return typeof found === "string" ? found : JSON.stringify(found);
}

/** What stands at a JSON pointer; undefined where nothing does. */
export function valueAt(value: unknown, pointer: string): unknown {
  const names = pointer.split("/").slice(1);
  return names.reduce((at, name) => memberOf(at, unescaped(name)), value);
}

function narrowed(text: string, pattern: RE2JS | undefined): string | undefined {
  return pattern === undefined ? text : findIn(pattern, text);
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^\d{1,6}$/.test(name) ? value[Number(name)] : undefined;
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function unescaped(name: string): string {
  return name.replaceAll("~1", "/").replaceAll("~0", "~");
}
