// Decodes what this very version wrote, at once: for tests that look at bytes of ours.
import { compileSchema } from "#libs/contracts/avro-type.ts";
import type { RecordTypes } from "#libs/contracts/generated/types.ts";
import { readSchema, type SchemaName } from "#libs/contracts/schemas.ts";
import { AVRO_OFFSET } from "#libs/contracts/wire-format.ts";

const types = new Map<SchemaName, ReturnType<typeof compileSchema>>();

/** The value behind the wire format's prefix. */
export function decodeOwn<S extends SchemaName>(schema: S, bytes: Buffer) {
  const type = types.get(schema) ?? compileSchema(readSchema(schema));
  types.set(schema, type);
  return type.decode(bytes, AVRO_OFFSET).value as RecordTypes[S]["decoded"];
}
