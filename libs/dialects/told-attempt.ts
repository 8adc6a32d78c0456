import type { StoryEvent } from "#libs/contracts/generated/types.ts";

/** The attempt that the event at `index` is about: its own, else the one that was started last before. */
export function toldAttemptIndex(story: readonly StoryEvent[], index: number): number {
  const started = story.slice(0, index).findLast(({ type }) => type === "ATTEMPT_STARTED");
  return story[index]?.attemptIndex ?? started?.attemptIndex ?? 0;
}
