import type { AttemptStatus, SendRequest, StoryEvent } from "#libs/contracts/generated/types.ts";
import { stepClientMessageId } from "#libs/contracts/own-of-step.ts";

/** The attempt that the event at `index` is about: its own, else the one that was started last before. */
export function toldAttemptIndex(story: readonly StoryEvent[], index: number): number {
  const started = story.slice(0, index).findLast(({ type }) => type === "ATTEMPT_STARTED");
  return story[index]?.attemptIndex ?? started?.attemptIndex ?? 0;
}

/** The furthest word on the attempt that was started last; null where there is none. */
export function lastStatus(story: readonly StoryEvent[]): AttemptStatus | null {
  const started = story.findLast(({ type }) => type === "ATTEMPT_STARTED");
  const word = story.findLast((event) => {
    return event.type === "STATUS_CHANGED" && event.attemptIndex === started?.attemptIndex;
  });
  const status = word?.status;
  return status === undefined || status === "UNREAD" ? null : status;
}

/** What happens to a step; what else happens, happens to the message as a whole. */
const OF_STEPS: ReadonlySet<string> = new Set([
  "STATUS_CHANGED",
  "ATTEMPT_STARTED",
  "ATTEMPT_LEFT",
]);

/** The step that an event changes, 0-based; null where it is the message as a whole. */
export function changedStepIndex({ type, attemptIndex }: StoryEvent): number | null {
  return OF_STEPS.has(type) ? attemptIndex : null;
}

/** The sender's own id that an event is told with: that of the step which it changes, else the message's. */
export function toldClientMessageId(
  event: StoryEvent,
  request: Pick<SendRequest, "steps" | "clientMessageId">,
): string | null {
  const stepIndex = changedStepIndex(event);
  return stepIndex === null ? request.clientMessageId : stepClientMessageId(request, stepIndex);
}
