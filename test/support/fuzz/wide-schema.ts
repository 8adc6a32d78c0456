// A schema's wire form with room for what its own type forbids: integers of any size, symbols that
// no enum has, texts that are no UTF-8. What it encodes claims to be of the narrow schema.
import avsc from "avsc";

type Json = { [name: string]: unknown };

const WIDER: Readonly<Record<string, string>> = { int: "long", string: "bytes", enum: "long" };

/** Encodes what `schema` could, and more. Its unions are not wrapped. */
export function wideType(schema: string): avsc.Type {
  return avsc.Type.forSchema(widen(JSON.parse(schema), new Set()), { wrapUnions: false });
}

/** `records`: the names of the records so far; any other name is an enum's. */
function widen(type: unknown, records: Set<string>): avsc.Schema {
  if (typeof type === "string") {
    return WIDER[type] ?? (PRIMITIVES.includes(type) || records.has(type) ? type : "long");
  }
  if (Array.isArray(type)) return type.map((branch) => widen(branch, records)) as avsc.Schema;
  const json = type as Json;
  switch (json["type"]) {
    case "enum":
      return "long";
    case "record":
      return widenRecord(json, records);
    case "array":
      return { type: "array", items: widen(json["items"], records) };
    case "map":
      return { type: "map", values: widen(json["values"], records) };
    default:
      return widen(json["type"], records);
  }
}

function widenRecord(json: Json, records: Set<string>): avsc.Schema {
  records.add(String(json["name"]));
  const fields = (json["fields"] as Json[]).map(({ name, type }) => {
    return { name, type: widen(type, records) };
  });
  return { ...json, fields } as avsc.Schema;
}

const PRIMITIVES = ["null", "boolean", "long", "float", "double", "bytes"];
