// What other senders register: schemas that ours can read, and ids under which lies what ours cannot.
import avsc from "avsc";

type Json = { [name: string]: unknown };

export type OtherSchemas = {
  /** Written with such a schema, a good record with `more` is read. */
  compatible: { id: number; label: string; type: avsc.Type; more: Json }[];
  /** What is written under such an id cannot be read, whatever it is. */
  unfit: { id: number; label: string }[];
};

const JSON_TYPE = "application/vnd.schemaregistry.v1+json";

/** Registers them under subjects of their own: the ids are good on every topic. */
export async function registerOthers(registryUrl: string, text: string): Promise<OtherSchemas> {
  const own: Json = JSON.parse(text);
  const { name } = own;
  const fields = own["fields"] as Json[];
  const optional = { name: "theirs", type: ["null", "string"], default: null };
  const register = (label: string, schema: Json, schemaType = "AVRO") => {
    return registered(registryUrl, {
      subject: `fuzz-${String(name)}-${label}`,
      schema,
      schemaType,
    });
  };
  const grown = { ...own, fields: [...fields, optional] };
  // The first one defines no type that others name.
  const turned = [...fields.slice(1), ...fields.slice(0, 1)];
  const moved = { ...own, namespace: "com.example.crm", fields: turned };
  const json = { type: "object", title: name, properties: { messageId: { type: "string" } } };
  return {
    compatible: [
      { ...readable("grown", grown), id: await register("grown", grown), more: { theirs: "x" } },
      { ...readable("moved", moved), id: await register("moved", moved), more: {} },
    ],
    unfit: [
      { label: "schema/alien", id: await register("alien", alien(String(name))) },
      { label: "schema/json", id: await register("json", json, "JSON") },
    ],
  };
}

/** A record of the same name that has nothing in common with ours. */
function alien(name: string): Json {
  return { type: "record", name, fields: [{ name: "alien", type: "double" }] };
}

function readable(kind: string, schema: Json) {
  const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: false });
  return { label: `schema/${kind}`, type };
}

async function registered(
  registryUrl: string,
  { subject, schema, schemaType }: { subject: string; schema: Json; schemaType: string },
): Promise<number> {
  const response = await fetch(`${registryUrl}/subjects/${subject}/versions`, {
    method: "POST",
    headers: { "content-type": JSON_TYPE },
    body: JSON.stringify({ schema: JSON.stringify(schema), schemaType }),
  });
  const { id } = Object(await response.json());
  if (!response.ok) throw new Error(`The registry refuses ${subject}: HTTP ${response.status}`);
  return Number(id);
}
