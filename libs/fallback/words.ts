// The words of a flow, and how far each status is on the ladder. They equal the symbols of the
// Avro contracts, so that state needs no translation on its way to the store.

export type SuccessStatus = "ACCEPTED" | "SENT" | "DELIVERED" | "READ";
export type FailureStatus = "REJECTED" | "FAILED" | "UNDELIVERED" | "EXPIRED";
export type AttemptStatus = SuccessStatus | FailureStatus;
export type ReportStatus = AttemptStatus | "UNREAD" | "UNKNOWN";
export type ErrorClass = "UNKNOWN" | "PERMANENT" | "TEMPORARY" | "CONSENT" | "SENDER" | "CONTENT";
export type Outcome =
  | "SUCCEEDED"
  | "EXHAUSTED"
  | "UNCONFIRMED"
  | "EXPIRED"
  | "CANCELED"
  | "REJECTED";

/** What a provider answered when it was asked to take an attempt back; it decides nothing. */
export type Revocation = "UNKNOWN" | "REVOKED" | "REQUESTED" | "TOO_LATE" | "REFUSED" | "NO_ANSWER";

/** What a provider says of the price of an attempt; null: it does not say. */
export type Charge = {
  /** Of the whole attempt, in 1/1,000,000 of the currency. */
  amountMicros: number | null;
  /** ISO 4217 code. */
  currency: string | null;
  isBillable: boolean | null;
  /** The provider's own, such as `marketing`. */
  category: string | null;
  /** MCC and MNC of the person's network. */
  network: string | null;
};

/**
 * An attempt's status only grows along this order, whatever order its reports arrive in. Failures
 * beat `SENT` because a carrier says sent first; delivery beats failures because WhatsApp and
 * others report delivered after failed. The order among the failures only has to be fixed.
 */
const LADDER: readonly AttemptStatus[] = [
  "ACCEPTED",
  "SENT",
  "REJECTED",
  "FAILED",
  "UNDELIVERED",
  "EXPIRED",
  "DELIVERED",
  "READ",
];
const RANK = new Map(LADDER.map((status, index) => [status, index]));
const FAILURES: ReadonlySet<string> = new Set(["REJECTED", "FAILED", "UNDELIVERED", "EXPIRED"]);

/** True if `next` says more than what is known. */
export function isAbove(next: AttemptStatus, known: AttemptStatus | null): boolean {
  return known === null || rank(next) > rank(known);
}

/** The one that says more. */
export function furthest<Status extends AttemptStatus>(next: Status, known: Status | null): Status {
  return known === null || isAbove(next, known) ? next : known;
}

/** The success that says least of several; `READ`, the last, of none. */
export function least(statuses: readonly SuccessStatus[]): SuccessStatus {
  return statuses.reduce((low, next) => (isAbove(low, next) ? next : low), "READ");
}

/** True for a final word that the attempt did not get through. */
export function isFailure(status: ReportStatus | null): status is FailureStatus {
  return status !== null && FAILURES.has(status);
}

/** True if the recipient has the message. */
export function hasReached(status: ReportStatus | null): boolean {
  return status === "DELIVERED" || status === "READ";
}

/** True of what a provider has taken, and has no final word on. */
export function isOnItsWay(status: ReportStatus | null): boolean {
  return status === "ACCEPTED" || status === "SENT";
}

/** True if the status is the wanted one or a better one. */
export function satisfies(status: AttemptStatus | null, wanted: SuccessStatus): boolean {
  return status !== null && !isFailure(status) && rank(status) >= rank(wanted);
}

function rank(status: AttemptStatus): number {
  return RANK.get(status) ?? -1;
}
