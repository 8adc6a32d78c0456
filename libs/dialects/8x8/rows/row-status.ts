// Where an attempt stands, in 8x8's words: https://developer.8x8.com/connect/docs/message-status-references

import type { Attempt, AttemptStatus, ErrorClass } from "#libs/contracts/generated/types.ts";
import { showInstant } from "#libs/show-instant.ts";

export type RowStatus = {
  state: string;
  detail?: string;
  timestamp: string;
  errorCode?: number;
  errorMessage?: string;
};

type State = Pick<RowStatus, "state" | "detail">;
type DeliveryError = { errorCode: number; errorMessage: string };
/** What is known of an attempt: as it stands, or as one event of its story says. */
export type ReportedAttempt = Pick<Attempt, "status" | "errorClass" | "errorCode">;

const STATES: Readonly<Record<AttemptStatus, State>> = {
  // 8x8 has no word for "we do not know yet" but this one.
  UNKNOWN: { state: "queued" },
  ACCEPTED: { state: "queued" },
  SENT: { state: "sent" },
  DELIVERED: { state: "delivered", detail: "delivered_to_recipient" },
  READ: { state: "read" },
  REJECTED: { state: "rejected" },
  FAILED: { state: "undelivered", detail: "rejected_by_operator" },
  UNDELIVERED: { state: "undelivered", detail: "undelivered_to_recipient" },
  EXPIRED: { state: "undelivered", detail: "undelivered_to_recipient" },
};

/** https://developer.8x8.com/connect/docs/delivery-error-codes: the generic codes, by class. */
const ERRORS: Readonly<Record<ErrorClass, DeliveryError>> = {
  UNKNOWN: { errorCode: 57, errorMessage: "Unknown error" },
  PERMANENT: { errorCode: 15, errorMessage: "Invalid destination" },
  TEMPORARY: { errorCode: 46, errorMessage: "Not reachable" },
  CONSENT: { errorCode: 41, errorMessage: "Rejected by the channel" },
  SENDER: { errorCode: 18, errorMessage: "Invalid parameter" },
  CONTENT: { errorCode: 2, errorMessage: "Invalid content" },
};
const EXPIRED: DeliveryError = { errorCode: 36, errorMessage: "Expired" };

/** The status of an attempt whose last word came at `at`, epoch ms. */
export function rowStatus(attempt: ReportedAttempt, at: number): RowStatus {
  const status = attempt.status ?? "UNKNOWN";
  return { ...STATES[status], timestamp: showInstant(at), ...deliveryError(attempt) };
}

function deliveryError({
  status,
  errorClass,
  errorCode,
}: ReportedAttempt): DeliveryError | undefined {
  if (status === "EXPIRED") return EXPIRED;
  const isFailure = status === "REJECTED" || status === "FAILED" || status === "UNDELIVERED";
  if (!isFailure) return undefined;
  const error = ERRORS[errorClass ?? "UNKNOWN"];
  if (errorCode === null) return error;
  return { ...error, errorMessage: `${error.errorMessage} (provider's code ${errorCode})` };
}
