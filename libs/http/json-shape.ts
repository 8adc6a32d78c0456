// How deep and how wide a body may be. The parser takes any shape; but whatever recurses over the
// value later, here or in another process, runs out of stack at some thousands of levels, and to copy
// an object of a million members takes a second.
import { HttpRefusal } from "./http-fault.ts";

/** Far deeper than any content of any channel. */
const DEPTH_MAX = 64;
/** Far more than any object has whose members we or a channel know. */
const MEMBER_COUNT_MAX = 1_000;

/**
 * Throws HttpRefusal for JSON of more than 64 levels, with an object of over 1,000 members, or with a
 * member `__proto__`: to copy that one into another object changes what the other inherits.
 */
export function checkShape(body: unknown): void {
  checkLevels(body, DEPTH_MAX);
}

function checkLevels(value: unknown, levelsLeft: number): void {
  if (typeof value !== "object" || value === null) return;
  if (levelsLeft === 0) throw refusal(`the body is nested deeper than ${DEPTH_MAX} levels.`);
  for (const member of membersOf(value)) checkLevels(member, levelsLeft - 1);
}

function membersOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (Object.hasOwn(value, "__proto__")) throw refusal("no member may be called __proto__.");
  const members = Object.values(value);
  if (members.length <= MEMBER_COUNT_MAX) return members;
  throw refusal(`the body has an object of more than ${MEMBER_COUNT_MAX} members.`);
}

function refusal(advice: string): HttpRefusal {
  return new HttpRefusal({ status: 400, advice });
}
