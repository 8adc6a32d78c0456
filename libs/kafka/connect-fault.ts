// Why a first connection to Kafka failed.
import { loginRefusal, tlsRefusal } from "#libs/config/refused.ts";
import { RetriableError } from "#libs/errors.ts";

export const KAFKA = { server: "the Kafka broker", prefix: "KAFKA" };

/**
 * ConfigError where the broker refuses who we say we are, or is not whom we believe: no patience
 * mends that. RetriableError for a broker that is away.
 */
export function toConnectFault(cause: unknown): Error {
  const fault = isLoginRefused(cause) ? loginRefusal(KAFKA) : tlsRefusal(cause, KAFKA);
  return fault ?? new RetriableError("Kafka cannot be reached", { cause });
}

/** A login that nobody has answered: kafkajs calls it a failed one, and keeps but the words of its cause. */
const UNANSWERED =
  /failed: (Closed connection|Connection |Failed to connect|Not connected|Request .* timed out)/;

function isLoginRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name !== "KafkaJSSASLAuthenticationError") return isLoginRefused(error.cause);
  return !UNANSWERED.test(error.message);
}
