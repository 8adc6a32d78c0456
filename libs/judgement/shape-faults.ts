// What a schema has found wrong with a body, in the words of the judge.
import type { ShapeError } from "#libs/json/parse-given.ts";
import { type Fault, type FaultCode, fault } from "./fault.ts";

/** By the keyword of JSON Schema that stands against the value; others are `invalid`. */
const CODES: Readonly<Record<string, FaultCode>> = {
  unicode: "not-well-formed",
  enum: "unknown-word",
  maxLength: "too-long",
  minimum: "out-of-range",
  maximum: "out-of-range",
};

/** The faults of a body that has not the shape of a message, or of any other thing. */
export function shapeFaults({ faults }: ShapeError): Fault[] {
  return faults.map(({ path, words, keyword }) => fault(codeOf(path, keyword), path, words));
}

function codeOf(path: string, keyword: string): FaultCode {
  if (/^\/steps\/\d+\/channel$/.test(path) && keyword === "enum") return "unknown-channel";
  if (/^\/steps\/\d+\/waitSeconds$/.test(path)) return "impossible-wait";
  if (path === "/steps" && keyword === "maxItems") return "too-many-steps";
  if (path.endsWith("/recipient/country") && keyword === "minLength") return "bad-country";
  return richCode(path, keyword) ?? CODES[keyword] ?? "invalid";
}

/** Within rich content the judge has codes of its own, which a record is told that no schema has seen. */
function richCode(path: string, keyword: string): FaultCode | undefined {
  if (keyword === "unicode" || !RICH.test(path)) return undefined;
  return keyword === "type" && path.endsWith("/template") ? "content-missing" : "bad-rich-content";
}

const RICH = /^(\/steps\/\d+)?\/content\/(rich|template)(\/|$)/;
