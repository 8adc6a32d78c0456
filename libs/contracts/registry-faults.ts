// What goes wrong between us and the registry, told apart in one place.
import { loginRefusal } from "#libs/config/refused.ts";
import { RetriableError } from "#libs/errors.ts";

/** How the registry is called where it refuses us. */
export const REGISTRY = { server: "the schema registry", prefix: "SCHEMA_REGISTRY" };
/** The client keeps the words of a fault of TLS and drops its code. */
const TLS_HINT = " (see SCHEMA_REGISTRY_URL and SCHEMA_REGISTRY_TLS_CA, _CERT, _KEY)";

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

/** A RetriableError where asking again can help, else the error as it is. */
export function classify(error: unknown): unknown {
  if (!isAnswer(error)) return error;
  const { status } = error;
  // A login or certificate that is mended lets everything through: no record is at fault.
  if (status === 401 || status === 403) {
    return new RetriableError(loginRefusal(REGISTRY).message, { cause: error });
  }
  // The client itself answers 400 where the registry cannot be reached or is too slow; from the
  // registry it would mean a malformed request, and ours are not.
  const mayPass = status === 400 || status === 408 || status === 429 || status >= 500;
  if (!mayPass) return error;
  const hint = /certificate|altnames|SSL|TLS/.test(error.message) ? TLS_HINT : "";
  return new RetriableError(`The schema registry cannot answer: ${error.message}${hint}`, {
    cause: error,
  });
}

/** True for whatever came with a status, which is not what goes wrong inside the client. */
export function isAnswer(error: unknown): error is Answer {
  return error instanceof Error && "status" in error && typeof error.status === "number";
}
