// Turns what was decided about a message into sentences that explain it to a person. Pure; the only
// place that words a rule, for the API, the demonstration and the terminal alike.

import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { hasReached } from "#libs/fallback/words.ts";
import { sentenceOf } from "./sentences.ts";
import type { ToldStep } from "./told-steps.ts";
import { channelName } from "./wording.ts";

/**
 * One sentence for each event, in order. It is told from the start of the story, because a sentence
 * may name what happened before (which channel ran, whom the message had reached). A rule that this
 * version does not know is told by its name; it never throws.
 */
export function tellStory(story: readonly StoryEvent[], steps: readonly ToldStep[]): string[] {
  const reached = new Set<number>();
  let current = 0;
  return story.map((event) => {
    if (event.type === "ATTEMPT_STARTED") current = event.attemptIndex ?? current;
    const attemptIndex = event.attemptIndex ?? current;
    const others = [...reached].filter((index) => index !== attemptIndex);
    const sentence = sentenceOf(event, {
      steps,
      attemptIndex,
      current,
      reachedToo: others.map((index) => channelName(steps[index]?.channel ?? "another channel")),
    });
    if (event.type === "STATUS_CHANGED" && hasReached(event.status)) reached.add(attemptIndex);
    return sentence;
  });
}
