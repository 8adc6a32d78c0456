import type { Content, SendRequest } from "./generated/types.ts";

/** What the step at `index` says: its own content, else the message's. */
export function stepContent(
  { steps, content }: Pick<SendRequest, "steps" | "content">,
  index: number,
): Content {
  return steps[index]?.content ?? content;
}
