// Reading a few fields of records, past all the others: for who goes through millions of them. What is not
// wanted is not built, and not held within bounds either; what lies behind the last wanted field is not even read.
import type { Type } from "avsc";
import { compileSchema } from "./avro-type.ts";
import type { Codec, Read } from "./codec.ts";
import { recordCodec } from "./record-codec.ts";
import { readSchema, type SchemaName } from "./schemas.ts";
import { type Skim, skimmer } from "./skim.ts";
import { subjectOf } from "./topics.ts";
import type { WriterSchemas } from "./writer-schemas.ts";

/** The wanted fields of a record, and which fields of those that are records, or arrays of records. */
export type Wanted = { readonly [field: string]: true | Wanted };

type DigestOptions<T> = {
  /** The topic that holds the records. */
  name: string;
  schema: SchemaName;
  wanted: Wanted;
  /** The last wanted field, an array, of which the first item is enough. There may be more of them nevertheless. */
  firstOf?: string;
  admit: (value: T, byteCount: number) => Read<T>;
};

/** No schema of a registry has it: every record is read by the schema of its writer. */
const NO_ID = -1;

/** Reads `wanted` of what is written with `schema`, whatever version of it. What `T` is, `wanted` says. */
export function digestCodec<T>(
  { name, schema, wanted, firstOf, admit }: DigestOptions<T>,
  writers: WriterSchemas,
): Pick<Codec<T>, "read"> {
  const type = digestType(schema, wanted);
  const skim = (writer: Type) => skimOf(writer, type, firstOf);
  return recordCodec<T, T>({
    subject: subjectOf(name),
    type,
    schemaId: NO_ID,
    writers,
    skim,
    admit,
  });
}

/** The record of the wanted fields alone. */
export function digestType(schema: SchemaName, wanted: Wanted): Type {
  const whole: unknown = JSON.parse(readSchema(schema));
  return compileSchema(JSON.stringify(pick(whole, wanted)));
}

/** undefined for a writer that only avsc can resolve. */
function skimOf(writer: Type, reader: Type, firstOf?: string): Skim | undefined {
  try {
    return skimmer(writer, reader, firstOf);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function pick(schema: unknown, wanted: Wanted): unknown {
  if (typeof schema !== "object" || schema === null) throw new TypeError("That has no fields.");
  if ("items" in schema) return { ...schema, items: pick(schema.items, wanted) };
  if (!("fields" in schema) || !Array.isArray(schema.fields)) throw new TypeError("No record.");
  const fields: { name: string; type: unknown }[] = schema.fields;
  const picked = fields.flatMap((field) => {
    const inner = wanted[field.name];
    if (inner === undefined) return [];
    return [inner === true ? field : { ...field, type: pick(field.type, inner) }];
  });
  const missing = Object.keys(wanted).filter((name) => !picked.some((one) => one.name === name));
  if (missing.length > 0) throw new TypeError(`There is no ${missing.join(", ")}.`);
  return { ...schema, fields: picked };
}
