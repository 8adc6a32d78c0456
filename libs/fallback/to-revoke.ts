// Which attempts are to be taken back: nobody waits for them any more, and they may still reach the
// person, who would have the message twice then, or once too often.
import type { EndRule, FallbackEvent } from "./events.ts";
import type { Attempt, MessageState } from "./state.ts";
import { hasReached, isOnItsWay } from "./words.ts";

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
  return leftBy(event, state).filter((index) => {
    const attempt = attempts[index];
    return index !== succeededIndex && attempt !== undefined && mayStillArrive(attempt);
  });
}

/** Those that nobody waits for any more, in whatever state they are. */
function leftBy(event: FallbackEvent, state: MessageState): number[] {
  const all = () => [...state.attempts.keys()];
  switch (event.type) {
    case "ATTEMPT_STARTED":
      return all().slice(0, event.attemptIndex);
    case "MESSAGE_ENDED":
      return UNWANTED.has(event.rule) ? all() : [];
    case "STATUS_CHANGED":
    case "REPORT_NOTED":
      return isLateWord(event, state) ? [event.attemptIndex] : [];
    default:
      return [];
  }
}

type Reported = Extract<FallbackEvent, { type: "STATUS_CHANGED" | "REPORT_NOTED" }>;

/** A call was in hand when its step was left, and now its dispatcher says what came of it. */
function isLateWord(event: Reported, state: MessageState): boolean {
  if (!isUnwanted(event.attemptIndex, state)) return false;
  if (event.type === "STATUS_CHANGED") return event.status === "ACCEPTED";
  // A lost answer. Of what was taken a carrier's strange word says nothing new.
  const status = state.attempts[event.attemptIndex]?.status;
  return event.rule === "unknown-status" && status === null;
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
  return isOnItsWay(status);
}

/** The provider's ids of those of its parts that have no final word yet. */
export function idsToRevoke({ providerMessageId, parts }: Attempt): string[] {
  if (parts.length === 0) return providerMessageId === null ? [] : [providerMessageId];
  return parts
    .filter(({ success, failure }) => failure === null && !hasReached(success))
    .map((part) => part.providerMessageId);
}
