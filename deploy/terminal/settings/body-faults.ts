// What is wrong with a body, as a person who wrote it in a file is told.
import type { TSchema } from "typebox";
import type { TLocalizedValidationError } from "typebox/error";
import { Value } from "typebox/value";
import { inOwnWords } from "#libs/dialects/vendor-words.ts";
import { ShapeError } from "#libs/json/parse-given.ts";
import { type Body, type CollectionName, collections } from "./collections.ts";

/** A fault at a path below the body. */
export type Found = { at: readonly (string | number)[]; what: string };

/** The same of a body that may say in which vendor's words it is. */
export function findVendorFaults(
  collection: CollectionName,
  given: unknown,
): ReturnType<typeof findFaults> {
  try {
    return findFaults(collections[collection], inOwnWords(collection, given));
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const faults = error.faults.map(({ path, words: what }) => ({ at: partsOf(path), what }));
    return { body: {}, faults };
  }
}

/** The body with its defaults filled in, and its faults. */
export function findFaults(schema: TSchema, given: unknown): { body: Body; faults: Found[] } {
  const body: unknown = Value.Default(schema, structuredClone(given));
  if (Value.Check(schema, body) && isBody(body)) return { body, faults: [] };
  // An unknown member is told of twice, first as a schema that is false.
  const errors = Value.Errors(schema, body).filter(({ keyword }) => keyword !== "boolean");
  return { body: {}, faults: mergeChoices(errors).flatMap(tell) };
}

/** Where one of several schemas may hold, the faults of each are one fault: this or that. */
function mergeChoices(errors: readonly TLocalizedValidationError[]): TLocalizedValidationError[] {
  const choices = new Set(pathsOf(errors.filter(({ keyword }) => keyword === "anyOf")));
  const own = errors.filter(({ keyword }) => keyword !== "anyOf");
  const paths = pathsOf(own);
  return own.flatMap((error, index) => {
    const { instancePath } = error;
    if (!choices.has(instancePath)) return [error];
    if (paths.indexOf(instancePath) !== index) return [];
    const all = own.filter((other) => other.instancePath === instancePath);
    return [{ ...error, message: all.map(({ message }) => message).join(" or ") }];
  });
}

function pathsOf(errors: readonly TLocalizedValidationError[]): string[] {
  return errors.map(({ instancePath }) => instancePath);
}

function tell(fault: TLocalizedValidationError): Found[] {
  const at = partsOf(fault.instancePath);
  switch (fault.keyword) {
    case "additionalProperties":
      return fault.params.additionalProperties.map((name) => ({
        at: [...at, name],
        what: "is unknown here",
      }));
    case "required":
      return [{ at, what: `lacks ${fault.params.requiredProperties.join(", ")}` }];
    case "enum":
      return [{ at, what: `must be one of ${fault.params.allowedValues.join(", ")}` }];
    default:
      return [{ at, what: fault.message }];
  }
}

function partsOf(pointer: string): (string | number)[] {
  return pointer.split("/").slice(1).map(toPart);
}

/** JSON pointers escape two characters (RFC 6901, section 3). */
function toPart(part: string): string | number {
  if (/^\d+$/.test(part)) return Number(part);
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null;
}
