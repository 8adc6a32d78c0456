// How deep and how wide a body may be. The parser takes any shape; but whatever recurses over the
// value later, here or in another process, runs out of stack at some thousands of levels, and to copy
// an object of a million members takes a second.

/** Far deeper than any content of any channel. */
const DEPTH_MAX = 64;
/** Far more than any object has whose members we or a channel know. */
const MEMBER_COUNT_MAX = 1_000;

/** `message` is advice to the caller. */
export class JsonShapeError extends Error {
  override name = "JsonShapeError";
}

/** Throws JsonShapeError for JSON of more than 64 levels, or with an object of over 1,000 members. */
export function checkShape(body: unknown): void {
  checkLevels(body, DEPTH_MAX);
}

function checkLevels(value: unknown, levelsLeft: number): void {
  if (typeof value !== "object" || value === null) return;
  if (levelsLeft === 0) {
    throw new JsonShapeError(`the body is nested deeper than ${DEPTH_MAX} levels.`);
  }
  for (const member of membersOf(value)) checkLevels(member, levelsLeft - 1);
}

function membersOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (Object.keys(value).length <= MEMBER_COUNT_MAX) return Object.values(value);
  throw new JsonShapeError(`the body has an object of more than ${MEMBER_COUNT_MAX} members.`);
}
