// A writer's schema by its id, with those that it refers to.
import avsc, { type Type } from "avsc";
import { ConfigError } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import type { AskRegistry } from "./ask-registry.ts";
import type { WriterSchema } from "./writer-schemas.ts";

/** Schemas that one refers to, and those that these refer to: a sender's own have one or two. */
const REFERENCE_COUNT_MAX = 100;

/** Undefined if there is none. Throws RetriableError while the registry cannot tell. */
export async function findSchema(
  schemaId: number,
  ask: AskRegistry,
): Promise<WriterSchema | undefined> {
  try {
    const told = await tellOf(`/schemas/ids/${schemaId}`, ask);
    if (!told) return undefined;
    if (told.type !== "AVRO") return { reason: `Schema ${schemaId} is not Avro.` };
    const referred = await referredBy(told, ask);
    return referred && compile([...referred, told.schema], schemaId);
  } catch (error) {
    // A login or certificate that is mended lets everything through: no record is at fault.
    if (!(error instanceof ConfigError)) throw error;
    throw new RetriableError(`Schema ${schemaId} is not told. ${String(error)}`, { cause: error });
  }
}

type Told = { schema: string; type: unknown; references: readonly unknown[] };

async function tellOf(path: string, ask: AskRegistry): Promise<Told | undefined> {
  const { status, says } = await ask({ method: "GET", path });
  if (status === 404) return undefined;
  if (!("schema" in says && typeof says.schema === "string")) {
    throw new RetriableError(`The schema registry does not tell what is at ${path} (${status}).`);
  }
  // What says nothing is Avro.
  const type = ("schemaType" in says ? says.schemaType : null) ?? "AVRO";
  const references = "references" in says && Array.isArray(says.references) ? says.references : [];
  return { schema: says.schema, type, references };
}

/** Each before whoever refers to it; undefined where one is not there. */
async function referredBy(told: Told, ask: AskRegistry): Promise<string[] | undefined> {
  const schemas = new Map<string, string>();
  const seen = new Set<string>();
  async function gather({ references }: Told): Promise<boolean> {
    for (const reference of references) {
      const path = pathOf(reference);
      if (seen.has(path) || seen.size === REFERENCE_COUNT_MAX) continue;
      seen.add(path);
      const found = await tellOf(path, ask);
      if (!found || !(await gather(found))) return false;
      schemas.set(path, found.schema);
    }
    return true;
  }
  return (await gather(told)) ? [...schemas.values()] : undefined;
}

function pathOf(reference: unknown): string {
  const [subject, version] = ["subject", "version"].map((name) => {
    return encodeURIComponent(String(Reflect.get(Object(reference), name)));
  });
  return `/subjects/${subject}/versions/${version}`;
}

function compile(schemas: readonly string[], schemaId: number): WriterSchema {
  const registry: Record<string, Type> = {};
  try {
    const types = schemas.map((each) => avsc.Type.forSchema(JSON.parse(each), { registry }));
    const type = types.at(-1);
    return type ? { type } : { reason: `Schema ${schemaId} is empty.` };
  } catch (error) {
    return { reason: `Schema ${schemaId} cannot be used: ${String(error)}` };
  }
}
