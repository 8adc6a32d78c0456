// The part of Avro that our contracts may use, read strictly: what is not listed here is refused,
// with the place where it stands.
import { basename } from "node:path";

export type AvroType =
  | { kind: "primitive"; name: Primitive }
  | { kind: "named"; name: string }
  | { kind: "nullable"; type: AvroType }
  | { kind: "array"; items: AvroType }
  | { kind: "map"; values: AvroType };

/** `default` undefined: the field has none. */
type AvroField = { name: string; doc: string; type: AvroType; default: unknown };
export type AvroRecord = { kind: "record"; name: string; doc: string; fields: AvroField[] };
type AvroEnum = { kind: "enum"; name: string; doc: string; symbols: string[] };
export type NamedType = AvroRecord | AvroEnum;

const PRIMITIVES = ["boolean", "int", "long", "float", "double", "bytes", "string"] as const;
type Primitive = (typeof PRIMITIVES)[number];
type Json = Record<string, unknown>;

/** What one file defines: its own record and every type inside it, innermost first. */
export type SchemaFile = { name: string; record: string; types: Map<string, NamedType> };

/** Parses one `.avsc`. Throws an Error that names the place of whatever our contracts may not use. */
export function parseSchemaFile(path: string, text: string): SchemaFile {
  const types = new Map<string, NamedType>();
  const name = basename(path, ".avsc");
  const root = parseType(JSON.parse(text), { place: name, types });
  if (root.kind !== "named" || types.get(root.name)?.kind !== "record") {
    throw new Error(`${name}: a file holds one record.`);
  }
  return { name, record: root.name, types };
}

type Context = { place: string; types: Map<string, NamedType> };

function parseType(json: unknown, context: Context): AvroType {
  if (typeof json === "string") return parseName(json, context);
  if (Array.isArray(json)) return parseUnion(json, context);
  if (!isObject(json)) throw new Error(`${context.place}: not an Avro type.`);
  switch (json["type"]) {
    case "record":
      return define(
        { kind: "record", ...heading(json, context), ...fieldsOf(json, context) },
        context,
      );
    case "enum":
      return define(
        { kind: "enum", ...heading(json, context), ...symbolsOf(json, context) },
        context,
      );
    case "array":
      return { kind: "array", items: parseType(json["items"], context) };
    case "map":
      return { kind: "map", values: parseType(json["values"], context) };
    default:
      return parseName(json["type"], context);
  }
}

function parseName(json: unknown, { place, types }: Context): AvroType {
  const primitive = PRIMITIVES.find((each) => each === json);
  if (primitive) return { kind: "primitive", name: primitive };
  if (typeof json === "string" && types.has(json)) return { kind: "named", name: json };
  throw new Error(`${place}: ${JSON.stringify(json)} is not a type that this file has defined.`);
}

function parseUnion(branches: unknown[], context: Context): AvroType {
  const [first, second] = branches;
  if (branches.length !== 2 || first !== "null") {
    throw new Error(`${context.place}: a union is ["null", T] and nothing else.`);
  }
  return { kind: "nullable", type: parseType(second, context) };
}

function fieldsOf(json: Json, { place, types }: Context): { fields: AvroField[] } {
  if (!Array.isArray(json["fields"])) throw new Error(`${place}: a record has fields.`);
  const fields = json["fields"].map((field: unknown): AvroField => {
    if (!isObject(field)) throw new Error(`${place}: a field is an object.`);
    const name = textOf(field, "name", place);
    const context = { place: `${place}.${name}`, types };
    const doc = textOf(field, "doc", context.place);
    return { name, doc, type: parseType(field["type"], context), default: field["default"] };
  });
  return { fields };
}

function symbolsOf(json: Json, { place }: Context): { symbols: string[] } {
  const symbols: unknown = json["symbols"];
  if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === "string")) {
    throw new Error(`${place}: an enum has symbols.`);
  }
  // Without it, a symbol that is added later could not be read by those who do not know it yet.
  if (json["default"] !== "UNKNOWN" || !symbols.includes("UNKNOWN")) {
    throw new Error(`${place}: the enum needs the symbol UNKNOWN as its default.`);
  }
  return { symbols };
}

function heading(json: Json, { place }: Context): { name: string; doc: string } {
  return { name: textOf(json, "name", place), doc: textOf(json, "doc", place) };
}

function define(type: NamedType, { place, types }: Context): AvroType {
  if (types.has(type.name)) throw new Error(`${place}: ${type.name} is defined twice.`);
  types.set(type.name, type);
  return { kind: "named", name: type.name };
}

function textOf(json: Json, key: string, place: string): string {
  const text = json[key];
  if (typeof text === "string" && text.trim() !== "") return text;
  throw new Error(`${place}: "${key}" is missing.`);
}

function isObject(json: unknown): json is Json {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
