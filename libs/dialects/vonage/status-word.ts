// How far a message of a failover has come, in the words of both of Vonage's APIs:
// https://developer.vonage.com/en/messages/concepts/messages-status-callbacks (November 2026).
import type { ReportStatus, StoryEvent } from "#libs/contracts/generated/types.ts";
import type { TellableEvent } from "#libs/dialects/dialect.ts";
import { isFailure } from "#libs/fallback/words.ts";

/** An attempt, and the event up to which it is looked at. */
export type Place = { attemptIndex: number; index: number };
export type Story = readonly StoryEvent[];

/**
 * Whatever is reported of a message. Accepted and sent are both `submitted`, which is told once,
 * whichever comes first: a carrier's receipt may overtake the answer to its call.
 */
export function tellsStatus(
  { type, status, attemptIndex }: TellableEvent,
  story: Story,
  index: number,
): boolean {
  if (type !== "STATUS_CHANGED") return false;
  const place = { attemptIndex: attemptIndex ?? 0, index };
  return status !== "SENT" || changesOf(story, place).length === 1;
}

/**
 * `submitted`: a provider has it, or nothing is known yet. `undeliverable`: no provider could be
 * reached with it until its time was over. Any other failure is `rejected`.
 */
export function statusWord(status: ReportStatus | null, story: Story, place: Place): string {
  if (status === "DELIVERED") return "delivered";
  if (status === "READ") return "read";
  if (!isFailure(status)) return "submitted";
  return isUnreached(changesOf(story, place)) ? "undeliverable" : "rejected";
}

/** Such a call is repeated, and its failure then the only word on the message. */
export function isUnreached(changes: Story): boolean {
  const [only, ...others] = changes;
  return others.length === 0 && only?.status === "FAILED" && only.errorClass === "TEMPORARY";
}

/** The words on an attempt up to the event at `index`. */
export function changesOf(story: Story, { attemptIndex, index }: Place): StoryEvent[] {
  return story.slice(0, index + 1).filter((event) => {
    return event.type === "STATUS_CHANGED" && event.attemptIndex === attemptIndex;
  });
}
