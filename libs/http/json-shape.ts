// How deep, how wide and how much a body may be. The parser takes any shape; but whatever recurses over
// the value later, here or in another process, runs out of stack at some thousands of levels, and to
// copy, check and compare hundreds of thousands of values takes longer than others may wait.
import { JSON_VALUE_COUNT_MAX } from "#libs/contracts/limits.ts";
import { HttpRefusal } from "./http-fault.ts";

/** Far deeper than any content of any channel. */
const DEPTH_MAX = 64;
/** Far more than any object has whose members we or a channel know. */
const MEMBER_COUNT_MAX = 1_000;

/**
 * Throws HttpRefusal for JSON of more than 64 levels, of over 10,000 values, with an object of over
 * 1,000 members, or with a member `__proto__`: to copy that one into another object changes what the
 * other inherits. Level by level, so that it takes no stack.
 */
export function checkShape(body: unknown): void {
  let level: unknown[] = [body];
  let valueCount = 1;
  for (let depth = 0; level.length > 0; depth++) {
    const inner = level.filter((value) => typeof value === "object" && value !== null);
    if (depth === DEPTH_MAX && inner.length > 0) {
      throw refusal(`the body is nested deeper than ${DEPTH_MAX} levels.`);
    }
    level = inner.flatMap(membersOf);
    valueCount += level.length;
    if (valueCount > JSON_VALUE_COUNT_MAX) {
      throw refusal(`the body has more than ${JSON_VALUE_COUNT_MAX} values.`);
    }
  }
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
