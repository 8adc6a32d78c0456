// A writer's schema by its id, with those that it refers to.
import avsc from "avsc";
import { ConfigError } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import type { AskRegistry } from "./ask-registry.ts";
import { NotAvroError, RegistryRefusal, registryFor } from "./registry-api.ts";
import type { WriterSchema } from "./writer-schemas.ts";

/** Undefined if there is none. Throws RetriableError while the registry cannot tell. */
export async function findSchema(
  schemaId: number,
  ask: AskRegistry,
): Promise<WriterSchema | undefined> {
  try {
    const schema: unknown = await registryFor(ask).getSchema(schemaId);
    if (!(schema instanceof avsc.Type)) throw new NotAvroError();
    return { type: schema };
  } catch (error) {
    if (error instanceof RegistryRefusal && error.status === 404) return undefined;
    return { reason: whyNot(schemaId, error) };
  }
}

/** Throws RetriableError for what tells nothing of the schema. */
function whyNot(schemaId: number, error: unknown): string {
  if (error instanceof RetriableError) throw error;
  if (error instanceof NotAvroError) return `Schema ${schemaId} is not Avro.`;
  // A login or certificate that is mended lets everything through: no record is at fault.
  if (error instanceof RegistryRefusal || error instanceof ConfigError) {
    throw new RetriableError(`Schema ${schemaId} is not told. ${String(error)}`, { cause: error });
  }
  return `Schema ${schemaId} cannot be used: ${String(error)}`;
}
