import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import type { TellableEvent } from "#libs/dialects/dialect.ts";

/**
 * Whether a change of status is told. Accepted and sent are both Vonage's `submitted`, which is told once,
 * whichever comes first: a carrier's receipt may overtake the answer to its call, which is no news then.
 */
export function isNews(
  { status, attemptIndex }: TellableEvent,
  story: readonly StoryEvent[],
  index: number,
): boolean {
  const isKnown = story.slice(0, index).some((before) => {
    return before.type === "STATUS_CHANGED" && before.attemptIndex === attemptIndex;
  });
  return status !== "SENT" || !isKnown;
}
