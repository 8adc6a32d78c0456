// The schema registry behind the few questions that we ask it.
import { setTimeout as sleep } from "node:timers/promises";
import type { RegistryAccess } from "#libs/config/connections.ts";
import { ConfigError } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import { type Answer, type AskRegistry, type Question, registryAsker } from "./ask-registry.ts";
import { findSchema } from "./find-schema.ts";
import type { FindSchema } from "./writer-schemas.ts";

/** Every schema of a subject reads what any other one wrote, however far apart they are. */
const LEVEL = "FULL_TRANSITIVE";
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

/** Of two processes that set it first at once, Apicurio refuses the slower one; asked again, it takes it. */
async function setCompatibility(ask: AskRegistry): Promise<void> {
  const level = { method: "PUT", path: "/config", body: { compatibility: LEVEL } } as const;
  try {
    await demand(level, ask);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    await demand(level, ask);
  }
}

async function register(subject: string, schema: string, ask: AskRegistry): Promise<number> {
  for (let tryCount = 1; ; tryCount++) {
    try {
      return await registerOnce(subject, schema, ask);
    } catch (error) {
      if (!isRace(error) || tryCount === RACE_TRY_COUNT_MAX) throw error;
      await sleep(RACE_PAUSE_MS);
    }
  }
}

/** For a moment a new subject can seem to have no level, or another one's, while another process registers it. */
class LevelError extends Error {}

function isRace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof LevelError || /already exists/.test(error.message);
}

async function registerOnce(subject: string, schema: string, ask: AskRegistry): Promise<number> {
  const config = `/config/${encodeURIComponent(subject)}`;
  const known = await ask({ method: "GET", path: config });
  const isNew = known.status === 404;
  if (!isNew) checkLevel(subject, known);
  const path = `/subjects/${encodeURIComponent(subject)}/versions`;
  const question = { method: "POST", path, body: { schema } } as const;
  const answer = await ask(question);
  if (answer.status === 409) throw doesNotFit(subject, answer);
  const id = idOf(answer, question);
  if (isNew) await demand({ method: "PUT", path: config, body: { compatibility: LEVEL } }, ask);
  return id;
}

function checkLevel(subject: string, { says }: Answer): void {
  const level: unknown = Reflect.get(says, "compatibilityLevel");
  if (typeof level !== "string") {
    throw new RetriableError(`The schema registry does not tell the level of ${subject}.`);
  }
  if (level.toUpperCase() === LEVEL) return;
  throw new LevelError(`${subject} has the level ${level}, not ${LEVEL}.`);
}

function doesNotFit(subject: string, { says }: Answer): Error {
  const why = "does not fit with those registered before: add fields with a default, no others";
  return new Error(`The schema of ${subject} ${why}. ${Reflect.get(says, "message")}`);
}

async function findId(subject: string, schema: string, ask: AskRegistry) {
  const path = `/subjects/${encodeURIComponent(subject)}`;
  const question = { method: "POST", path, body: { schema } } as const;
  const answer = await ask(question);
  return answer.status === 404 ? undefined : idOf(answer, question);
}

async function demand(question: Question, ask: AskRegistry): Promise<void> {
  checkTaken(await ask(question), question);
}

function checkTaken({ status, says }: Answer, { method, path }: Question): void {
  if (status < 300) return;
  const what = `${method} ${path}: ${status} ${Reflect.get(says, "message")}`;
  throw new Error(`The schema registry refuses ${what}`);
}

function idOf(answer: Answer, question: Question): number {
  checkTaken(answer, question);
  const id: unknown = Reflect.get(answer.says, "id");
  if (typeof id === "number" && id >= 0 && Number.isInteger(id)) return id;
  throw new RetriableError(`The schema registry tells no id of a schema at ${question.path}.`);
}
