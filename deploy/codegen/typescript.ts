// Prints the contracts as TypeScript, formatted the way that the formatter would leave it.
import { isDeepStrictEqual } from "node:util";
import type { AvroRecord, AvroType, NamedType, SchemaFile } from "./avro-schema.ts";

const LINE_LENGTH_MAX = 100;

const PRIMITIVE_NAMES = {
  boolean: "boolean",
  int: "number",
  long: "number",
  float: "number",
  double: "number",
  bytes: "Buffer",
  string: "string",
};

const HEADER = `// Generated from schemas/*.avsc by \`npm run codegen\`; change the schemas instead.
//
// A decoded record has every field. What is written may leave out the fields that have a default:
// \`XInit\` is the \`X\` that a writer gives. Instants are epoch ms.
`;

/** How a use of a type is printed: as it is decoded, or as a writer gives it. */
type Flavour = {
  nameOf(name: string): string;
  array(items: string): string;
  map(of: string): string;
};

const decoded: Flavour = {
  nameOf: (name) => name,
  array: (items) => `${items}[]`,
  map: (of) => `Record<string, ${of}>`,
};

/** Types of all files. Throws an Error where two files define one name differently. */
export function printTypes(files: readonly SchemaFile[]): string {
  const types = mergeTypes(files);
  const given: Flavour = {
    nameOf: (name) => (types.get(name)?.kind === "record" ? `${name}Init` : name),
    array: (items) => `readonly ${items}[]`,
    map: (of) => `Readonly<Record<string, ${of}>>`,
  };
  const sorted = [...types.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [HEADER, ...sorted.flatMap((type) => printType(type, given)), printIndex(files)].join(
    "\n",
  );
}

function mergeTypes(files: readonly SchemaFile[]): Map<string, NamedType> {
  const merged = new Map<string, NamedType>();
  for (const file of files) {
    for (const [name, type] of file.types) {
      if (!isDeepStrictEqual(merged.get(name) ?? type, type)) {
        throw new Error(`${file.name}: ${name} differs from the ${name} of another file.`);
      }
      merged.set(name, type);
    }
  }
  return merged;
}

function printType(type: NamedType, given: Flavour): string[] {
  if (type.kind === "record") return [printRecord(type), printInit(type, given)];
  return [`${printDoc(type.doc, "")}${printUnion(type.name, type.symbols)}`];
}

function printUnion(name: string, symbols: readonly string[]): string {
  const literals = symbols.map((symbol) => JSON.stringify(symbol));
  const line = `export type ${name} = ${literals.join(" | ")};`;
  if (line.length <= LINE_LENGTH_MAX) return `${line}\n`;
  return `export type ${name} =\n${literals.map((literal) => `  | ${literal}`).join("\n")};\n`;
}

function printRecord({ name, doc, fields }: AvroRecord): string {
  const lines = fields.map(
    (field) => `${printDoc(field.doc, "  ")}  ${field.name}: ${printUse(field.type, decoded)};\n`,
  );
  return `${printDoc(doc, "")}export type ${name} = {\n${lines.join("")}};\n`;
}

function printInit({ name, fields }: AvroRecord, given: Flavour): string {
  const lines = fields.map(({ name: field, type, default: fallback }) => {
    const use = printUse(type, given);
    return fallback !== undefined ? `  ${field}?: ${use} | undefined;\n` : `  ${field}: ${use};\n`;
  });
  return `export type ${name}Init = {\n${lines.join("")}};\n`;
}

function printUse(type: AvroType, flavour: Flavour): string {
  switch (type.kind) {
    case "primitive":
      return PRIMITIVE_NAMES[type.name];
    case "named":
      return flavour.nameOf(type.name);
    case "nullable":
      return `${printUse(type.type, flavour)} | null`;
    case "array":
      return flavour.array(printItem(type.items, flavour));
    case "map":
      return flavour.map(printUse(type.values, flavour));
  }
}

function printItem(type: AvroType, flavour: Flavour): string {
  const use = printUse(type, flavour);
  return type.kind === "nullable" || type.kind === "array" ? `(${use})` : use;
}

function printIndex(files: readonly SchemaFile[]): string {
  const lines = files.map(
    ({ name, record }) => `  ${printKey(name)}: { decoded: ${record}; given: ${record}Init };\n`,
  );
  return `/** The record type of each file under \`schemas/\`. */\nexport type RecordTypes = {\n${lines.join("")}};\n`;
}

function printKey(name: string): string {
  return /^\w+$/.test(name) ? name : JSON.stringify(name);
}

function printDoc(doc: string, indent: string): string {
  const single = `${indent}/** ${doc} */`;
  if (single.length <= LINE_LENGTH_MAX) return `${single}\n`;
  const lines = wrap(doc, LINE_LENGTH_MAX - indent.length - " * ".length);
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}

function wrap(text: string, lengthMax: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > lengthMax) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
