// The simulated carriers' words on a message, and the one word that each of them means here.
import type { ReportStatus } from "#libs/contracts/generated/types.ts";

const STATUS_OF_WORD: ReadonlyMap<string, ReportStatus> = new Map([
  ["accepted", "ACCEPTED"],
  ["queued", "ACCEPTED"],
  ["sent", "SENT"],
  ["submitted", "SENT"],
  ["delivered", "DELIVERED"],
  ["read", "READ"],
  ["seen", "READ"],
  ["unread", "UNREAD"],
  ["rejected", "REJECTED"],
  ["failed", "FAILED"],
  ["undelivered", "UNDELIVERED"],
  ["undeliverable", "UNDELIVERED"],
  ["expired", "EXPIRED"],
]);

/** The status that a carrier's word means, whatever its case; UNKNOWN for a word not seen before. */
export function statusOfWord(word: string): ReportStatus {
  return STATUS_OF_WORD.get(word.trim().toLowerCase()) ?? "UNKNOWN";
}
