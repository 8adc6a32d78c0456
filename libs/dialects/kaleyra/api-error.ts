// Kaleyra's error body. What its workflow API answers is not public, so it is the one of its RCS API:
// https://developers.kaleyra.io/docs/rcs-api-messages-api-error-responses, looked up in November 2026.
import { refusing, type ShapeError } from "#libs/json/parse-given.ts";

/** The first four are that page's, the others made in its manner. */
export type ErrorCode =
  | "INVALID_REQUEST"
  | "INVALID_FIELD_FORMAT"
  | "MISSING_REQUIRED_FIELD"
  | "INVALID_NUMBER"
  | "INVALID_API_KEY"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "TOO_MANY_REQUESTS"
  | "SERVICE_UNAVAILABLE"
  | "INTERNAL_ERROR";

/** Ends a request with a body of Kaleyra's. */
export class KaleyraError extends Error {
  override name = "KaleyraError";
  readonly status: number;
  readonly errorCode: ErrorCode;

  /** The message says all that is wrong. */
  constructor(status: number, errorCode: ErrorCode, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/** Kaleyra's number of a fault: 1000 more than the HTTP status, but for a number that is none. */
export function kaleyraErrorBody({ status, errorCode, message }: KaleyraError) {
  const code = errorCode === "INVALID_NUMBER" ? 1417 : 1000 + status;
  return { code, message, data: { error: { error_code: errorCode, error_message: message } } };
}

/** What is wrong with the form of a body. */
function malformed({ message, faults }: ShapeError): KaleyraError {
  const isMissing = faults.every(({ keyword }) => keyword === "required");
  return new KaleyraError(400, isMissing ? "MISSING_REQUIRED_FIELD" : "INVALID_REQUEST", message);
}

/** What `read` makes of a body. Throws KaleyraError where its form is wrong. */
export function readForm<Body>(read: (given: unknown) => Body, given: unknown): Body {
  return refusing(read, malformed)(given);
}
