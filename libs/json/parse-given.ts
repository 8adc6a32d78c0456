// What a caller gives as JSON, held against a schema: defaults are filled in, all faults are told at
// once, and texts that are no Unicode are none whatever the schema says.
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import { Settings } from "typebox/system";
import { Value } from "typebox/value";
import { memberOf } from "./json-object.ts";
import { MEMBER_COUNT_MAX } from "./json-shape.ts";
import { findListFault } from "./list-fault.ts";
import { malformedTexts } from "./malformed-text.ts";

/** Faults of a body that are told at once. */
const FAULT_COUNT_MAX = 10;
/**
 * An unknown member is noted by itself before all of them are noted together, which is what is told; an object
 * may have a thousand. TypeBox ends at eight, so that nine unknown members were refused without a word.
 */
Settings.Set({ maxErrors: MEMBER_COUNT_MAX + FAULT_COUNT_MAX });

/**
 * What is wrong at a place; the words stand behind the place's JSON pointer, "" for the whole. `members`: of an object,
 * those that it lacks (`required`), or that it may not have (`additionalProperties`). Their names are the caller's own
 * texts, so nobody may look for them in the words.
 */
export type ShapeFault = {
  path: string;
  words: string;
  keyword: string;
  members?: readonly string[];
};

/** A body that is not what its schema says; the message tells its faults. */
export class ShapeError extends Error {
  override name = "ShapeError";
  readonly faults: readonly ShapeFault[];

  constructor(faults: readonly ShapeFault[]) {
    super(`${faults.map(({ path, words }) => `${path || "The body"} ${words}`).join("; ")}.`);
    this.faults = faults;
  }
}

/** What a caller gives as a body, with defaults filled in. Throws ShapeError. */
export function parseGiven<Schema extends TSchema>(schema: Schema, given: unknown): Static<Schema> {
  const filled = fillIn(schema, given);
  if (Value.Check(schema, filled)) return filled;
  throw shapeError(schema, filled);
}

/** `parseGiven` for a schema of which thousands are parsed a second: its check takes 2 us, not 60. */
export function givenParser<Schema extends TSchema>(
  schema: Schema,
): (given: unknown) => Static<Schema> {
  const validator = Compile(schema);
  return (given) => {
    const filled = fillIn(schema, given);
    if (validator.Check(filled)) return filled;
    throw shapeError(schema, filled);
  };
}

/** The same parser, which refuses in the words of whoever is asked. */
export function refusing<Value>(
  parse: (given: unknown) => Value,
  refusalOf: (error: ShapeError) => Error,
): (given: unknown) => Value {
  return (given) => {
    try {
      return parse(given);
    } catch (error) {
      throw error instanceof ShapeError ? refusalOf(error) : error;
    }
  };
}

/** The caller's own object stays as it is. */
function fillIn(schema: TSchema, given: unknown): unknown {
  const listFault = findListFault(schema, given);
  if (listFault) throw new ShapeError([listFault]);
  const malformed = malformedTexts(given);
  if (malformed.length > 0) throw new ShapeError(malformed.slice(0, FAULT_COUNT_MAX).map(noText));
  return Value.Default(schema, structuredClone(given));
}

function noText(path: string): ShapeFault {
  return { path, words: "has half of a surrogate pair: it is no Unicode text", keyword: "unicode" };
}

function shapeError(schema: TSchema, filled: unknown): ShapeError {
  // An unknown member is told of twice, first as a schema that is false.
  const faults = Value.Errors(schema, filled).filter(({ keyword }) => keyword !== "boolean");
  return new ShapeError(faults.slice(0, FAULT_COUNT_MAX).map((each) => toShapeFault(schema, each)));
}

function toShapeFault(schema: TSchema, error: TLocalizedValidationError): ShapeFault {
  const { instancePath, message, ...fault } = error;
  const { keyword } = fault;
  const told = { path: instancePath, words: message, keyword };
  switch (keyword) {
    case "pattern":
      return { ...told, words: patternWords(schema, error) ?? message };
    case "enum":
      return { ...told, words: `${message}: ${fault.params.allowedValues.join(", ")}` };
    case "required":
      return { ...told, members: fault.params.requiredProperties };
    case "additionalProperties": {
      const members = fault.params.additionalProperties;
      return { ...told, words: `${message}: ${members.join(", ")}`, members };
    }
    default:
      return told;
  }
}

/** Who has a value to give is told what it must be: a schema says its pattern in words by `patternWords`. */
function patternWords(
  schema: TSchema,
  { schemaPath }: TLocalizedValidationError,
): string | undefined {
  const failed = Value.Pointer.Get(schema, schemaPath.replace(/^#/, ""));
  const words = memberOf(failed, "patternWords");
  return typeof words === "string" ? words : undefined;
}
