// The schema registry behind the few questions that we ask it.
import { setTimeout as sleep } from "node:timers/promises";
import { COMPATIBILITY, SchemaType } from "@kafkajs/confluent-schema-registry";
import type { RegistryAccess } from "#libs/config/connections.ts";
import { ConfigError } from "#libs/config/read-env.ts";
import { type AskRegistry, registryAsker } from "./ask-registry.ts";
import { findSchema } from "./find-schema.ts";
import { RegistryRefusal, registryFor, tell } from "./registry-api.ts";
import type { FindSchema } from "./writer-schemas.ts";

/** Every schema of a subject reads what any other one wrote, however far apart they are. */
const LEVEL = COMPATIBILITY.FULL_TRANSITIVE;
/** Processes of one deployment may register at once: how often one tries, and how far apart. */
const RACE_TRY_COUNT_MAX = 10;
const RACE_PAUSE_MS = 200;

/** Every question throws RetriableError while the registry cannot answer it, ConfigError where it refuses us. */
export type RegistryClient = {
  /** Makes FULL_TRANSITIVE the level of every subject that has none of its own. */
  setCompatibility: () => Promise<void>;
  /** Registers a schema unless it is there. Throws an Error if it does not fit with the others. */
  register: (subject: string, schema: string) => Promise<number>;
  /** The id of exactly this schema in the subject; undefined if it is not registered there. */
  findId: (subject: string, schema: string) => Promise<number | undefined>;
  /** Any schema by its id; undefined if there is none. */
  findSchema: FindSchema;
};

/** A client that has nothing to close. It never retries; its callers do. */
export function registryClient(registryUrl: string, access: RegistryAccess = {}): RegistryClient {
  const ask = registryAsker(registryUrl, access);
  return {
    setCompatibility: () => setCompatibility(ask),
    register: (subject, schema) => register(subject, schema, ask),
    findId: (subject, schema) => findId(subject, schema, ask),
    findSchema: (schemaId) => findSchema(schemaId, ask),
  };
}

/**
 * The client has no call for the level of the whole registry. Of two processes that set it first at once, Apicurio
 * refuses the slower one; asked again, it takes it.
 */
async function setCompatibility(ask: AskRegistry): Promise<void> {
  const level = { method: "PUT", path: "/config", body: { compatibility: LEVEL } } as const;
  await tell(ask, level).catch((error: unknown) => {
    if (error instanceof ConfigError) throw error;
    return tell(ask, level);
  });
}

async function register(subject: string, schema: string, ask: AskRegistry): Promise<number> {
  try {
    return await registerInTurn(subject, schema, ask);
  } catch (cause) {
    if (!(cause instanceof RegistryRefusal && cause.status === 409)) throw cause;
    const why = "does not fit with those registered before: add fields with a default, no others";
    throw new Error(`The schema of ${subject} ${why}. ${String(cause)}`, { cause });
  }
}

async function registerInTurn(subject: string, schema: string, ask: AskRegistry): Promise<number> {
  for (let tryCount = 1; ; tryCount++) {
    try {
      const client = registryFor(ask);
      return (await client.register(avro(schema), { subject, compatibility: LEVEL })).id;
    } catch (error) {
      if (!isRace(error) || tryCount === RACE_TRY_COUNT_MAX) throw error;
      await sleep(RACE_PAUSE_MS);
    }
  }
}

/**
 * True for what another process that registers at the same time makes of it: for a moment a new subject is there
 * already, or seems to have no level of compatibility.
 */
function isRace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  return name === "ConfluentSchemaRegistryCompatibilityError" || / already exists/.test(message);
}

async function findId(subject: string, schema: string, ask: AskRegistry) {
  try {
    return await registryFor(ask).getRegistryIdBySchema(subject, avro(schema));
  } catch (error) {
    // For this call the client hides the status 404 behind a class of its own.
    if (error instanceof Error && error.name === "ConfluentSchemaRegistryError") return undefined;
    throw error;
  }
}

function avro(schema: string) {
  return { type: SchemaType.AVRO as const, schema };
}
