// Which of the attempts that a command names are still to be taken back when its turn comes. Pure.
import type { LeftAttempt, MessageState } from "#libs/contracts/generated/types.ts";
import { isOnItsWay } from "#libs/fallback/words.ts";

/**
 * Those without a final word, and without one on their being taken back, but for the one that got through
 * meanwhile. `state` null: Redis has lost the message; to ask once more does no harm.
 */
export function stillToRevoke(
  revokes: readonly LeftAttempt[],
  state: MessageState | null,
): LeftAttempt[] {
  return revokes.filter(({ attemptIndex }) => {
    const attempt = state?.attempts[attemptIndex];
    if (!attempt) return true;
    if (attemptIndex === state.succeededIndex) return false;
    const { status, revocation } = attempt;
    return revocation === null && (status === null || isOnItsWay(status));
  });
}
