import type { Content, SendRequest } from "#libs/contracts/generated/types.ts";

export type SaidContent = { content: Content; path: string };

/** All that a request says: the message's content, and those of steps that say something else. */
export function saidContents({ content, steps }: Pick<SendRequest, "content" | "steps">) {
  const own = steps.flatMap((step, index): SaidContent[] =>
    step.content ? [{ content: step.content, path: `/steps/${index}/content` }] : [],
  );
  return [{ content, path: "/content" }, ...own];
}

/** What the step at `index` says, and where that stands. */
export function saidByStep(
  { content, steps }: Pick<SendRequest, "content" | "steps">,
  index: number,
): SaidContent {
  const own = steps[index]?.content;
  return own ? { content: own, path: `/steps/${index}/content` } : { content, path: "/content" };
}
