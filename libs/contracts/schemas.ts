// The Avro schemas as they stand in `schemas/`. Each file is whole: it needs no other one.
import { readFileSync } from "node:fs";
import type { RecordTypes } from "./generated/types.ts";

/** A file under `schemas/`, without its extension. */
export type SchemaName = keyof RecordTypes;

/** The text that the registry is given: the file without its white space. */
export function readSchema(name: SchemaName): string {
  const file = new URL(`../../schemas/${name}.avsc`, import.meta.url);
  return JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
}
