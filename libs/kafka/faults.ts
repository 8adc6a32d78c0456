// Which of kafkajs' errors may pass by themselves. Nothing outside the adapter knows its classes.
import { RetriableError } from "#libs/errors.ts";

/** Errors of a record, in Kafka's names: they come again however often it is tried. */
export const LASTING: ReadonlySet<string> = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TOPIC_EXCEPTION",
]);
/** A group that moves on takes no commits of the past; its records are delivered again. */
const REBALANCE = new Set([
  "REBALANCE_IN_PROGRESS",
  "ILLEGAL_GENERATION",
  "UNKNOWN_MEMBER_ID",
  "NOT_COORDINATOR_FOR_GROUP",
]);

/**
 * The error as the house knows it: RetriableError where Kafka, the network or the set-up is at fault
 * (a right that is missing is no record's fault: it is waited for, and told), else an Error that
 * comes again, such as of a record that is too large, or that the client cannot encode.
 */
export function toFault(error: unknown, doing: string): Error {
  if (error instanceof RetriableError) return error;
  if (isRefusal(error)) {
    return new Error(`Kafka refuses ${doing}: ${typeOf(error)}`, { cause: error });
  }
  if (!isOutside(error)) return new Error(`Cannot ${doing}: ${String(error)}`, { cause: error });
  return new RetriableError(`Kafka could not ${doing}: ${error.message}`, { cause: error });
}

/** True where the broker has looked at what it was given, and will never take it. */
export function isRefusal(error: unknown): boolean {
  const type = typeOf(error);
  return type !== undefined && LASTING.has(type);
}

/** True for the errors by which a broker says that the group is being dealt out anew. */
export function isRebalance(error: unknown): boolean {
  const type = typeOf(error);
  return type !== undefined && REBALANCE.has(type);
}

function typeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  if ("type" in error && typeof error.type === "string") return error.type;
  return "cause" in error ? typeOf(error.cause) : undefined;
}

/**
 * True for what the broker or the network has said. The client wraps whatever is thrown inside it
 * in its own errors, so that the innermost counts: a TypeError there is a bug or an odd record.
 */
function isOutside(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof RetriableError) return true;
  if (error.cause instanceof Error) return isOutside(error.cause);
  return error.name.startsWith("KafkaJS") || "syscall" in error;
}
