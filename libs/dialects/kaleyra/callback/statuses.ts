// How a channel of a flow ended, in Kaleyra's words.
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { hasReached } from "#libs/fallback/words.ts";

/**
 * `TIMEOUT` for a channel whose delay passed without a final report; what was reported for any other.
 * Of the words only `TIMEOUT` is documented; the others are our own.
 */
export function statusCodeOf({ state, story }: JournalEntry, attemptIndex: number): string {
  const status = state.attempts[attemptIndex]?.status ?? null;
  if (status !== null && hasReached(status)) return status;
  const isLast = attemptIndex === state.attempts.length - 1;
  const isTimedOut = story.some(({ type, rule, attemptIndex: index }) => {
    if (type === "ATTEMPT_LEFT") return rule === "wait-ended" && index === attemptIndex;
    return isLast && type === "MESSAGE_ENDED" && TIMED_OUT.has(rule);
  });
  return isTimedOut ? "TIMEOUT" : (status ?? "UNKNOWN");
}

const TIMED_OUT: ReadonlySet<string> = new Set(["closing-window-ended", "listening-ended"]);

/** Of the old failover: whether the person has it (1), may get it yet (2), or not (0). */
export function deliveredOf({ state }: JournalEntry): "0" | "1" | "2" {
  if (state.attempts.some(({ status }) => hasReached(status))) return "1";
  const last = state.attempts.at(-1)?.status ?? null;
  return last === "SENT" || last === "ACCEPTED" ? "2" : "0";
}
