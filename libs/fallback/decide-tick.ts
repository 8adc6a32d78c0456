// What time alone makes happen. A tick that comes early, twice or too late decides nothing.
import type { AttemptLeft, FallbackEvent } from "./events.ts";
import type { FallbackRules, TimerTickInput } from "./inputs.ts";
import { end, leave, start } from "./progress.ts";
import { type Attempt, isExpired, type MessageState, timerDueAt } from "./state.ts";
import { hasReached } from "./words.ts";

/**
 * Decides what was due by the message's one timer when the tick was fired. `at` may be a later
 * clock's: to judge a tick of the timer before by it could end a wait early.
 */
export function decideTick(
  { at, apartMs, firedAt }: TimerTickInput,
  state: MessageState,
  rules: FallbackRules,
): FallbackEvent[] {
  const dueAt = timerDueAt(state);
  if (dueAt === null || firedAt < dueAt) return [];
  if (state.phase === "SCHEDULED") return [start(state, { attemptIndex: 0, at, apartMs }, rules)];
  if (isExpired(state, firedAt)) return [end(state, { outcome: "EXPIRED", rule: "expired", at })];
  return endWait(state, { at, apartMs }, rules);
}

function endWait(
  state: MessageState,
  { at, apartMs }: Pick<TimerTickInput, "at" | "apartMs">,
  rules: FallbackRules,
): FallbackEvent[] {
  const attemptIndex = state.attempts.length - 1;
  const attempt = state.attempts[attemptIndex];
  if (!attempt) return [];
  const isTimed = state.steps[attemptIndex]?.waitMs !== null;
  const isLast = attemptIndex === state.steps.length - 1;
  // Without a final word nobody knows whether the last attempt got through: that is not a failure.
  if ((isLast || !isTimed) && !hasReached(attempt.status)) {
    const rule = isTimed ? "closing-window-ended" : "listening-ended";
    return [end(state, { outcome: "UNCONFIRMED", rule, at })];
  }
  if (!isTimed) return [end(state, { outcome: "EXHAUSTED", rule: "listening-ended", at })];
  return leave(state, { left: waitEnded(attempt, attemptIndex, at), apartMs }, rules);
}

function waitEnded(attempt: Attempt, attemptIndex: number, at: number): AttemptLeft {
  const { status, errorCode, errorClass, deadlineAt: dueAt } = attempt;
  const fault = { errorCode, errorClass, detail: null };
  return { type: "ATTEMPT_LEFT", at, rule: "wait-ended", attemptIndex, status, dueAt, ...fault };
}
