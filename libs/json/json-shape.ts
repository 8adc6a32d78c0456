// How deep, how wide and how much JSON may be. The parser takes any shape; but whatever recurses over
// the value later, here or in another process, runs out of stack at some thousands of levels, and to
// copy, check and compare hundreds of thousands of values takes longer than others may wait.
import { JSON_VALUE_COUNT_MAX } from "#libs/contracts/limits.ts";

/** Far deeper than any content of any channel. */
export const DEPTH_MAX = 64;
/** Far more than any object has whose members we or a channel know. */
export const MEMBER_COUNT_MAX = 1_000;

const TOO_DEEP = `is nested deeper than ${DEPTH_MAX} levels`;
const TOO_MANY = `has more than ${JSON_VALUE_COUNT_MAX} values`;

/**
 * What is odd in words, undefined where it has a usual shape: JSON of more than 64 levels, of over
 * 10,000 values, with an object of over 1,000 members, or with a member `__proto__`: to copy that one
 * into another object changes what the other inherits.
 */
export function oddShape(value: unknown): string | undefined {
  let valueCount = 1;
  for (const { depth, wholes } of levelsOf(value)) {
    if (depth > DEPTH_MAX) return TOO_DEEP;
    for (const each of wholes) {
      const odd = oddMembers(each);
      if (odd) return odd;
      valueCount += Object.values(each).length;
    }
    if (valueCount > JSON_VALUE_COUNT_MAX) return TOO_MANY;
  }
  return undefined;
}

/** Whether whatever recurses over it may run out of stack. */
export function isTooDeep(value: unknown): boolean {
  for (const { depth } of levelsOf(value)) {
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}

/** Objects and lists, level by level, so that it takes no stack. */
function* levelsOf(value: unknown): Generator<{ depth: number; wholes: object[] }> {
  let wholes = [value].filter(isWhole);
  for (let depth = 1; wholes.length > 0; depth++) {
    yield { depth, wholes };
    wholes = wholes.flatMap((each) => Object.values(each).filter(isWhole));
  }
}

function isWhole(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function oddMembers(value: object): string | undefined {
  if (Array.isArray(value)) return undefined;
  if (Object.hasOwn(value, "__proto__")) return "has a member that is called __proto__";
  if (Object.keys(value).length <= MEMBER_COUNT_MAX) return undefined;
  return `has an object of more than ${MEMBER_COUNT_MAX} members`;
}
