// How deep a body may be nested. The parser takes any depth; whatever recurses over the value later,
// here or in another process, runs out of stack at some thousands.

/** Far deeper than any content of any channel. */
export const JSON_DEPTH_MAX = 64;

export class JsonTooDeepError extends Error {
  override name = "JsonTooDeepError";
}

/** Throws JsonTooDeepError for a JSON value that is nested deeper than 64 levels. */
export function refuseDeep(body: unknown): void {
  if (isDeeper(body, JSON_DEPTH_MAX)) throw new JsonTooDeepError();
}

function isDeeper(value: unknown, levelsLeft: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levelsLeft === 0) return true;
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.some((member) => isDeeper(member, levelsLeft - 1));
}
