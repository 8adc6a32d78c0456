// The one place that tells which of Redis' and its client's errors may pass by themselves.
import { RetriableError } from "#libs/errors.ts";

/** Error codes of a Redis that is starting, failing over, being resharded, busy or full. */
const RETRIABLE_REPLIES =
  /^(?:LOADING|BUSY|READONLY|MOVED|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|MISCONF|OOM)\b/;

/**
 * A right that is missing, or was taken away, is no record's fault, as with Kafka: it is waited for, and told. Scripts are
 * told of it in words of their own.
 */
const MISSING_RIGHTS =
  /^(?:NOAUTH|WRONGPASS|NOPERM|ERR (?:The user executing the script can't|ACL failure in script))\b/;

/** What ioredis says of a command whose connection is not there, or went away under it. */
const CONNECTION_FAULTS =
  /^(?:Connection is closed|Command timed out|Command aborted|Stream isn't writeable|Socket timeout|Reached the max retries)/;

/** Awaits a reply. Throws RetriableError, with its cause, for a fault that may pass; else a bug. */
export async function redisReply<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply;
  } catch (error) {
    throw toRedisFault(error);
  }
}

/** The error that a caller should see: a RetriableError in place of a fault that may pass. */
export function toRedisFault(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // ioredis hangs the command with all its arguments on its errors: customers' content, in a log.
  Reflect.deleteProperty(error, "command");
  if (!isRetriable(error)) return error;
  return new RetriableError(`Redis: ${error.message}`, { cause: error });
}

/** What Redis itself replied, beginning with the error's code; null if it is another error. */
export function errorReply(error: unknown): string | null {
  return error instanceof Error && error.name === "ReplyError" ? error.message : null;
}

function isRetriable(error: Error): boolean {
  const reply = errorReply(error);
  if (reply !== null) return RETRIABLE_REPLIES.test(reply) || MISSING_RIGHTS.test(reply);
  // System errors carry a code: ECONNRESET, EPIPE, ETIMEDOUT, ENOTFOUND, ...
  return CONNECTION_FAULTS.test(error.message) || "syscall" in error;
}
