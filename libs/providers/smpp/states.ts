// What became of a message: as a number (SMPP 3.4, 5.2.28; the first and last are SMPP 5.0's), and as
// the word of a receipt's text, which carriers cut as they like.
import type { ReportStatus } from "#libs/contracts/generated/types.ts";

const STATES: readonly (readonly [word: string, status: ReportStatus])[] = [
  ["SCHEDULED", "ACCEPTED"],
  ["ENROUTE", "SENT"],
  ["DELIVERED", "DELIVERED"],
  ["EXPIRED", "EXPIRED"],
  ["DELETED", "FAILED"],
  ["UNDELIVERABLE", "UNDELIVERED"],
  ["ACCEPTED", "ACCEPTED"],
  ["UNKNOWN", "UNKNOWN"],
  ["REJECTED", "REJECTED"],
  ["SKIPPED", "UNDELIVERED"],
];

/** Words begin so, in whatever length: DELIVRD, DELIVERED, DELIV. */
const BEGINNINGS: readonly (readonly [beginning: string, status: ReportStatus])[] = [
  ["DELIV", "DELIVERED"],
  ["DLVRD", "DELIVERED"],
  ["EXPIR", "EXPIRED"],
  ["DELET", "FAILED"],
  ["UNDELIV", "UNDELIVERED"],
  ["ACCEP", "ACCEPTED"],
  ["ENROU", "SENT"],
  ["BUFF", "SENT"],
  ["SENT", "SENT"],
  ["REJECT", "REJECTED"],
  ["FAIL", "FAILED"],
  ["SKIP", "UNDELIVERED"],
  ["SCHED", "ACCEPTED"],
];

export type MessageState = { word: string; status: ReportStatus };

/** Undefined for a number that is none. */
export function stateOfNumber(state: number): MessageState | undefined {
  const found = STATES[state];
  return found && { word: found[0], status: found[1] };
}

/** UNKNOWN for a word that nobody knows: it changes nothing, and is told. */
export function stateOfWord(word: string): MessageState {
  const upper = word.toUpperCase();
  const found = BEGINNINGS.find(([beginning]) => upper.startsWith(beginning));
  return { word: upper, status: found?.[1] ?? "UNKNOWN" };
}
