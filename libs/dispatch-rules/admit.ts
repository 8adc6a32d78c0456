// Whether a claimed command still has to be called for. Pure.
import type { DispatchCommand, MessageState } from "#libs/contracts/generated/types.ts";

export type Admission =
  | { type: "call" }
  /** A provider's word on the attempt is known already: it was called, and there is no news. */
  | { type: "drop" }
  | { type: "expire"; errorCode: "superseded" | "not-after" }
  /** An earlier call may have been taken, and `mayRepeat` says if another one makes sense. */
  | { type: "lost"; mayRepeat: boolean };

export type ClaimedCommand = {
  command: Pick<DispatchCommand, "attemptIndex" | "notAfter">;
  /** An earlier claim of it ended without an answer. */
  isAbandoned: boolean;
  /** How often an answer to it was lost before. */
  lossCount: number;
};

/**
 * `state` null: Redis has lost the message. Then the command goes on, because the worst of it is
 * a second copy, and a dropped one would be a silent loss.
 */
export function admit(
  { command, isAbandoned, lossCount }: ClaimedCommand,
  state: MessageState | null,
  nowMs: number,
): Admission {
  const attempt = state?.attempts[command.attemptIndex];
  if (attempt?.status && attempt.status !== "UNKNOWN") return { type: "drop" };
  const errorCode = whyNot(command, state, nowMs);
  if (isAbandoned) return { type: "lost", mayRepeat: errorCode === undefined };
  if (errorCode === undefined) return { type: "call" };
  // What may have been taken must not be reported as expired.
  return lossCount > 0 ? { type: "lost", mayRepeat: false } : { type: "expire", errorCode };
}

function whyNot(
  { attemptIndex, notAfter }: ClaimedCommand["command"],
  state: MessageState | null,
  nowMs: number,
) {
  if (state && hasMovedOn(state, attemptIndex)) return "superseded";
  return nowMs >= notAfter ? "not-after" : undefined;
}

function hasMovedOn({ phase, attempts }: MessageState, attemptIndex: number): boolean {
  const isLast = attempts.length - 1 === attemptIndex;
  return phase !== "RUNNING" || !isLast || attempts[attemptIndex]?.endedAt !== null;
}
