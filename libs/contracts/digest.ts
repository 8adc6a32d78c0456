// Reading a few fields of records, past all the others: for who goes through millions of them. What is not
// wanted is not built, and not held within bounds either.
import { compileSchema } from "./avro-type.ts";
import type { Codec, Read } from "./codec.ts";
import { recordCodec } from "./record-codec.ts";
import { readSchema, type SchemaName } from "./schemas.ts";
import { subjectOf } from "./topics.ts";
import type { WriterSchemas } from "./writer-schemas.ts";

/** The wanted fields of a record, and which fields of those that are records, or arrays of records. */
export type Wanted = { readonly [field: string]: true | Wanted };

type DigestOptions<T> = {
  /** The topic that holds the records. */
  name: string;
  schema: SchemaName;
  wanted: Wanted;
  admit: (value: T, byteCount: number) => Read<T>;
};

/** No schema of a registry has it: every record is read by the schema of its writer. */
const NO_ID = -1;

/** Reads `wanted` of what is written with `schema`, whatever version of it. What `T` is, `wanted` says. */
export function digestCodec<T>(
  { name, schema, wanted, admit }: DigestOptions<T>,
  writers: WriterSchemas,
): Pick<Codec<T>, "read"> {
  const whole: unknown = JSON.parse(readSchema(schema));
  const type = compileSchema(JSON.stringify(pick(whole, wanted)));
  return recordCodec<T, T>({ subject: subjectOf(name), type, schemaId: NO_ID, writers, admit });
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
