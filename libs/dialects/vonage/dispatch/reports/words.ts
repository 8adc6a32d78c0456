// Dispatch's words for how far a message has come, and where it is found.
import type { AttemptStatus } from "#libs/contracts/generated/types.ts";

const STATUSES: ReadonlyMap<string | null, string> = new Map([
  ["ACCEPTED", "submitted"],
  ["SENT", "submitted"],
  ["DELIVERED", "delivered"],
  ["READ", "read"],
  ["REJECTED", "rejected"],
  ["FAILED", "undeliverable"],
  ["UNDELIVERED", "undeliverable"],
  ["EXPIRED", "undeliverable"],
]);

/** Without a word of it yet a message has been submitted, and no more is known. */
export function statusWord(status: AttemptStatus | "UNREAD" | null): string {
  return STATUSES.get(status) ?? "submitted";
}
