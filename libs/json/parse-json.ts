import { isTooDeep } from "./json-shape.ts";

/**
 * The value of a JSON text; undefined for what is none, and for more than 64 levels: nobody means that, and
 * whoever copies or writes it runs out of stack. A byte order mark in front, which some platforms write, is
 * left out, as RFC 8259 (section 8.1) lets a parser do.
 */
export function parseJson(text: string): unknown {
  return parsedBy(JSON.parse, text);
}

/** `parseJson`, of which numbers that a double cannot hold are texts, digit by digit: ids of carriers may have nineteen. */
export function parseJsonExactly(text: string): unknown {
  return parsedBy((json) => JSON.parse(json, keepDigits), text);
}

/**
 * `parseJson` of any depth, for posts of many receipts: one that is too deep must lose no other beside it, nor
 * itself by a member that nobody reads. Who reads it picks texts and numbers, and neither copies nor writes the rest.
 */
export function parseReceiptJson(text: string): unknown {
  try {
    return parsed(JSON.parse, text);
  } catch {
    return undefined;
  }
}

function parsedBy(parse: (json: string) => unknown, text: string): unknown {
  try {
    const value = parsed(parse, text);
    return isTooDeep(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function parsed(parse: (json: string) => unknown, text: string): unknown {
  return parse(text.startsWith("\ufeff") ? text.slice(1) : text);
}

function keepDigits(_name: string, value: unknown, { source }: { source?: string } = {}): unknown {
  const isInexact = typeof value === "number" && !Number.isSafeInteger(value);
  return isInexact && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
