// A schema's wire form with room for what its own type forbids: integers of any size, symbols that
// no enum has, texts that are no UTF-8. What it encodes claims to be of the narrow schema.
import avsc from "avsc";

type Json = { [name: string]: unknown };

const WIDER: Readonly<Record<string, string>> = { int: "long", string: "bytes", enum: "long" };

/** Encodes values of `widened(schema)`; unions are written as objects of branch and value. */
export function wideType(schema: string): avsc.Type {
  return avsc.Type.forSchema(widen(JSON.parse(schema)), { wrapUnions: false });
}

function widen(type: unknown): avsc.Schema {
  if (typeof type === "string") return WIDER[type] ?? (isNamed(type) ? "long" : type);
  if (Array.isArray(type)) return type.map(widen) as avsc.Schema;
  const json = type as Json;
  if (json["type"] === "enum") return "long";
  if (json["type"] === "record") {
    const fields = (json["fields"] as Json[]).map(({ name, type: inner }) => {
      return { name, type: widen(inner) };
    });
    return { ...json, fields } as avsc.Schema;
  }
  if (json["type"] === "array") return { type: "array", items: widen(json["items"]) };
  if (json["type"] === "map") return { type: "map", values: widen(json["values"]) };
  return widen(json["type"]);
}

const PRIMITIVES = ["null", "boolean", "long", "float", "double", "bytes"];
function isNamed(name: string): boolean {
  return !PRIMITIVES.includes(name);
}
