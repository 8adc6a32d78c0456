// The schema registry behind the few questions that we ask it. The only file that knows its client.
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { COMPATIBILITY, SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import avsc from "avsc";
import { Agent, fetch } from "undici";
import type { RegistryAccess } from "#libs/config/connections.ts";
import { tlsRefusal } from "#libs/config/refused.ts";
import { RetriableError } from "#libs/errors.ts";
import {
  classify,
  isAnswer,
  isIncompatible,
  isMissing,
  isRace,
  REGISTRY,
} from "./registry-faults.ts";
import type { FindSchema, WriterSchema } from "./writer-schemas.ts";

/** A registry answers in milliseconds; a first registration on a busy machine takes up to a second. */
const REQUEST_TIMEOUT_MS = 5_000;
/** Every schema of a subject reads what any other one wrote, however far apart they are. */
const LEVEL = COMPATIBILITY.FULL_TRANSITIVE;

const JSON_TYPE = "application/vnd.schemaregistry.v1+json";
/** Processes of one deployment may register at once: how often one tries, and how far apart. */
const RACE_TRY_COUNT_MAX = 10;
const RACE_PAUSE_MS = 200;

/** Every question throws RetriableError while the registry cannot answer it. */
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

/** A client without a connection: nothing to close. It never retries; its callers do. */
export function registryClient(registryUrl: string, access: RegistryAccess = {}): RegistryClient {
  const enhancement = { timeout: REQUEST_TIMEOUT_MS, headers: authorization(access) };
  const client = new SchemaRegistry({
    host: registryUrl,
    retry: { retries: 0 },
    ...(access.tls && { agent: new HttpsAgent(access.tls) }),
    middlewares: [() => ({ request: (each) => each.enhance(enhancement) })],
  });
  return {
    setCompatibility: () => setCompatibility(registryUrl, access),
    register: (subject, schema) => register(subject, schema, client),
    findId: (subject, schema) => findId(subject, schema, client),
    findSchema: (schemaId) => findSchema(schemaId, client),
  };
}

/**
 * The client has no call for the level of the whole registry. Of two processes that set it first at
 * once, Apicurio refuses the slower one; asked again, it takes it.
 */
async function setCompatibility(registryUrl: string, access: RegistryAccess): Promise<void> {
  const url = `${registryUrl}/config`;
  const first = await putLevel(url, access);
  const { ok, status, text } = first.ok ? first : await putLevel(url, access);
  if (ok) return;
  throw classify(Object.assign(new Error(`PUT ${url}: ${text}`), { status }));
}

async function putLevel(url: string, access: RegistryAccess) {
  const dispatcher = new Agent({ connect: access.tls ?? {} });
  try {
    const response = await fetch(url, {
      method: "PUT",
      body: JSON.stringify({ compatibility: LEVEL }),
      headers: { "content-type": JSON_TYPE, ...authorization(access) },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      dispatcher,
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (cause) {
    const away = new RetriableError(`The schema registry does not answer at ${url}.`, { cause });
    throw tlsRefusal(cause, REGISTRY) ?? away;
  } finally {
    await dispatcher.close();
  }
}

function authorization({ login }: RegistryAccess): Record<string, string> {
  if (login === undefined) return {};
  if ("token" in login) return { authorization: `Bearer ${login.token}` };
  const basic = Buffer.from(`${login.username}:${login.password}`).toString("base64");
  return { authorization: `Basic ${basic}` };
}

async function register(subject: string, schema: string, client: SchemaRegistry): Promise<number> {
  try {
    return await registerInTurn(subject, schema, client);
  } catch (cause) {
    if (!isIncompatible(cause)) throw classify(cause);
    const why = "does not fit with those registered before: add fields with a default, no others";
    throw new Error(`The schema of ${subject} ${why}. ${String(cause)}`, { cause });
  }
}

async function registerInTurn(
  subject: string,
  schema: string,
  client: SchemaRegistry,
): Promise<number> {
  for (let tryCount = 1; ; tryCount++) {
    try {
      return (await client.register(avro(schema), { subject, compatibility: LEVEL })).id;
    } catch (error) {
      if (!isRace(error) || tryCount === RACE_TRY_COUNT_MAX) throw error;
      await sleep(RACE_PAUSE_MS);
    }
  }
}

async function findId(subject: string, schema: string, client: SchemaRegistry) {
  try {
    return await client.getRegistryIdBySchema(subject, avro(schema));
  } catch (error) {
    // For this call the client hides the status 404 behind a class of its own.
    if (error instanceof Error && error.name === "ConfluentSchemaRegistryError") return undefined;
    throw classify(error);
  }
}

async function findSchema(
  schemaId: number,
  client: SchemaRegistry,
): Promise<WriterSchema | undefined> {
  try {
    const schema: unknown = await client.getSchema(schemaId);
    if (schema instanceof avsc.Type) return { type: schema };
    return { reason: `Schema ${schemaId} is not Avro.` };
  } catch (error) {
    if (isMissing(error)) return undefined;
    const cause = classify(error);
    if (cause instanceof RetriableError) throw cause;
    // An answer of any other status tells nothing of the schema. A login or certificate that is
    // mended lets everything through: no record is at fault.
    if (isAnswer(error)) {
      throw new RetriableError(`Schema ${schemaId} is not told. ${String(cause)}`, { cause });
    }
    return { reason: `Schema ${schemaId} cannot be used: ${String(error)}` };
  }
}

function avro(schema: string) {
  return { type: SchemaType.AVRO as const, schema };
}
