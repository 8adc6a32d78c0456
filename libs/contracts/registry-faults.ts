// What goes wrong between us and the registry, told apart in one place.
import { ConfigError } from "#libs/config/read-env.ts";
import { loginRefusal } from "#libs/config/refused.ts";
import { RetriableError } from "#libs/errors.ts";

/** How the registry is called where it refuses us. */
export const REGISTRY = { server: "the schema registry", prefix: "SCHEMA_REGISTRY" };
/** The client keeps the words of a fault of TLS and drops its code. */
const TLS_FAULT = /certificate|altnames|SSL|TLS/;
const TLS_VARIABLES = "SCHEMA_REGISTRY_TLS_CA, SCHEMA_REGISTRY_TLS_CERT";

/** The registry's answers have a status; whatever else the client throws has none. */
type Answer = Error & { status: number };

/** True where the registry answered that what was asked for does not exist. */
export function isMissing(error: unknown): boolean {
  return isAnswer(error) && error.status === 404;
}

/** True where the registry refused a schema because of those that it has. */
export function isIncompatible(error: unknown): boolean {
  return isAnswer(error) && error.status === 409;
}

/**
 * True for what another process that registers at the same time makes of it: for a moment a new
 * subject is there already, or seems to have no level of compatibility.
 */
export function isRace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  return name === "ConfluentSchemaRegistryCompatibilityError" || / already exists/.test(message);
}

/**
 * A RetriableError where asking again can help, a ConfigError where the registry refuses us or is not
 * whom we believe, else the error as it is.
 */
export function classify(error: unknown): unknown {
  if (!isAnswer(error)) return error;
  const { status } = error;
  if (status === 401 || status === 403) return loginRefusal(REGISTRY);
  if (TLS_FAULT.test(error.message)) return new ConfigError([`${TLS_VARIABLES}: ${error.message}`]);
  // The client itself answers 400 where the registry cannot be reached or is too slow; from the
  // registry it would mean a malformed request, and ours are not.
  const mayPass = status === 400 || status === 408 || status === 429 || status >= 500;
  if (!mayPass) return error;
  return new RetriableError(`The schema registry cannot answer: ${error.message}`, {
    cause: error,
  });
}

/** True for whatever came with a status, which is not what goes wrong inside the client. */
export function isAnswer(error: unknown): error is Answer {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}
