type Told = { type: string; rule: string };

/**
 * The rules of what was decided, in order. Statuses are left out, for one that is overtaken by a later
 * one is not told; and so are acceptances that come after a receipt of what they accept.
 */
export function decisions(story: readonly Told[]): string[] {
  return story
    .filter(({ type, rule }) => type !== "STATUS_CHANGED" && rule !== "part-reported")
    .map(({ rule }) => rule);
}
