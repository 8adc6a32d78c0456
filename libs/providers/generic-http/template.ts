// Texts with placeholders: `{to}`. A brace itself is written twice. Nothing is computed in them.
import { isObject } from "#libs/json/json-object.ts";
import type { Values } from "./placeholders.ts";

const PART = /\{\{|\}\}|\{([\w.]+)\}|[{}]/g;

export type Escape = (text: string) => string;

/** The text with each value escaped; a placeholder without a value leaves nothing behind. */
export function fill(template: string, values: Values, escape: Escape): string {
  return template.replaceAll(PART, (part: string, name: string | undefined) => {
    if (name === undefined) return part.slice(0, 1);
    return escape(asText(values.get(name)));
  });
}

/**
 * JSON with its texts filled in. What is nothing but a placeholder becomes the value as it is, a number
 * or an object too; one without a value is left out with its member.
 */
export function fillJson(template: unknown, values: Values): unknown {
  if (typeof template === "string") return fillText(template, values);
  if (Array.isArray(template)) {
    return template.map((each) => fillJson(each, values)).filter((each) => each !== undefined);
  }
  if (!isObject(template)) return template;
  const filled = Object.entries(template).map(([name, each]) => [name, fillJson(each, values)]);
  return Object.fromEntries(filled.filter(([, each]) => each !== undefined));
}

/** What a template asks for, and what is wrong with how it asks. */
export function placeholdersOf(template: string): { names: string[]; hasStray: boolean } {
  const parts = [...template.matchAll(PART)];
  return {
    names: parts.flatMap(([, name]) => name ?? []),
    hasStray: parts.some(([part]) => part === "{" || part === "}"),
  };
}

function fillText(template: string, values: Values): unknown {
  const [, name] = /^\{([\w.]+)\}$/.exec(template) ?? [];
  return name === undefined ? fill(template, values, (text) => text) : values.get(name);
}

/** What stands for a value in a text; nothing where there is none. */
export function asText(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
