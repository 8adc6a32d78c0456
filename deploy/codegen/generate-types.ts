// From the folder of schemas to the text of the generated file.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSchemaFile } from "./avro-schema.ts";
import { printTypes } from "./typescript.ts";

/** Throws an Error that names the place where a schema breaks the rules of our contracts. */
export function generateTypes(folder: string): string {
  const names = readdirSync(folder).filter((name) => name.endsWith(".avsc"));
  const paths = names.toSorted().map((name) => join(folder, name));
  return printTypes(paths.map((path) => parseSchemaFile(path, readFileSync(path, "utf8"))));
}
