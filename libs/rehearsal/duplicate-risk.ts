// Whether the recipient may get the message more than once.
import type { Attempt, MessageState } from "#libs/fallback/state.ts";
import { hasReached, isFailure } from "#libs/fallback/words.ts";
import type { Rehearsed } from "./rehearse.ts";

/** What of a risk a sentence is about: the attempts that reached, or may yet reach, the recipient. */
export type DuplicateRisk =
  | { risk: "none" }
  | { risk: "possible"; because: "may-still-arrive" | "called-again"; attemptIndexes: number[] }
  | { risk: "certain"; because: "reached-twice"; attemptIndexes: number[] };

/**
 * `certain`: two attempts reached the recipient. `possible`: together with attempts that were left by
 * time and may still be delivered it would be two, or a call was repeated because nobody knew whether
 * the carrier had taken the first. An attempt can no longer arrive once it has failed or was taken
 * back, or where its TTL was over before it was left.
 */
export function duplicateRisk({ state, callCounts, events }: Rehearsed): DuplicateRisk {
  const { attempts } = state;
  const indexes = attempts.map((_, index) => index);
  const reached = indexes.filter((index) => hasReached(attempts[index]?.status ?? null));
  if (reached.length > 1) {
    return { risk: "certain", because: "reached-twice", attemptIndexes: reached };
  }
  const open = indexes.filter((index) => mayArrive(state, index, (callCounts[index] ?? 0) > 0));
  const both = [...reached, ...open].toSorted((a, b) => a - b);
  if (both.length > 1) {
    return { risk: "possible", because: "may-still-arrive", attemptIndexes: both };
  }
  const repeated = events.flatMap((event) =>
    "errorCode" in event && event.errorCode === "answer-lost-repeated" ? [event.attemptIndex] : [],
  );
  if (repeated.length === 0) return { risk: "none" };
  return { risk: "possible", because: "called-again", attemptIndexes: repeated };
}

function mayArrive({ attempts, steps }: MessageState, index: number, wasCalled: boolean): boolean {
  const attempt = attempts[index];
  if (!attempt || !wasCalled || isFailure(attempt.status) || hasReached(attempt.status))
    return false;
  if (attempt.revocation === "REVOKED") return false;
  const ttlSeconds = steps[index]?.ttlSeconds ?? null;
  return index === attempts.length - 1 || ttlSeconds === null || isWithin(attempt, ttlSeconds);
}

/** Whether the carrier may still try when the step is left. */
function isWithin({ startedAt, endedAt }: Attempt, ttlSeconds: number): boolean {
  return endedAt !== null && startedAt + ttlSeconds * 1_000 > endedAt;
}
