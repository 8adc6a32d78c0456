// Which attempts are to be taken back: nobody waits for them any more, and they may still reach the
// person, who would have the message twice then, or once too often.
import type { EndRule, FallbackEvent } from "./events.ts";
import type { Attempt, MessageState } from "./state.ts";
import { hasReached } from "./words.ts";

/**
 * Ends that leave an attempt behind which nobody wants delivered any more. After the last step's wait
 * it is otherwise: late is better than never.
 */
const UNWANTED: ReadonlySet<EndRule> = new Set([
  "canceled",
  "expired",
  "earlier-attempt-succeeded",
]);

/**
 * The indexes of the attempts that `event` leaves to be taken back; `state` is that after it. Never the
 * one that got through: where SENT is enough, it may still be on its way.
 */
export function toRevoke(event: FallbackEvent, state: MessageState): number[] {
  const { attempts, succeededIndex } = state;
  const open = attempts.flatMap((attempt, index) =>
    index !== succeededIndex && mayStillArrive(attempt) ? index : [],
  );
  switch (event.type) {
    case "ATTEMPT_STARTED":
      return open.filter((index) => index < event.attemptIndex);
    case "MESSAGE_ENDED":
      return UNWANTED.has(event.rule) ? open : [];
    default:
      return open.filter((index) => isLateWord(event, index, state));
  }
}

/** A call was in hand when its step was left, and now its dispatcher says what came of it. */
function isLateWord(event: FallbackEvent, index: number, state: MessageState): boolean {
  if (!isUnwanted(index, state)) return false;
  if (event.type === "STATUS_CHANGED")
    return event.attemptIndex === index && event.status === "ACCEPTED";
  // A lost answer. Of what was taken a carrier's strange word says nothing new.
  const isLost = event.type === "REPORT_NOTED" && event.rule === "unknown-status";
  return isLost && event.attemptIndex === index && state.attempts[index]?.status === null;
}

/** A later step has begun, or the message has ended without a use for it. */
function isUnwanted(index: number, { attempts, outcome, succeededIndex }: MessageState): boolean {
  if (index < attempts.length - 1) return true;
  if (outcome === "SUCCEEDED") return succeededIndex !== index;
  return outcome === "CANCELED" || outcome === "EXPIRED";
}

/** The provider took it, or its answer was lost; it has no final word, and was not asked back before. */
function mayStillArrive({ status, noted, revocation }: Attempt): boolean {
  if (revocation !== null) return false;
  if (status === null) return noted.includes("UNKNOWN");
  return status === "ACCEPTED" || status === "SENT";
}

/** The provider's ids of those of its parts that have no final word yet. */
export function idsToRevoke({ providerMessageId, parts }: Attempt): string[] {
  if (parts.length === 0) return providerMessageId === null ? [] : [providerMessageId];
  return parts
    .filter(({ success, failure }) => failure === null && !hasReached(success))
    .map((part) => part.providerMessageId);
}
