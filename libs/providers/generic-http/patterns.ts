// Patterns that admins write: RE2's, which has no backtracking, so that what a pattern costs is
// at most its size times the text's length. Both are bounded: no rule can hold a process.
import { RE2JS } from "re2js";

/** Characters of a text that are looked at: the beginning of an answer says what it is. */
const TEXT_LENGTH_MAX = 2_000;
/** Instructions of all patterns of a connection together. With such texts 80 ms at the very worst, and mostly 0.1. */
const PROGRAM_SIZE_MAX = 400;

/** What a pattern finds in a text: its first group, or all that fits where it has none. */
export function findIn(pattern: RE2JS, text: string): string | undefined {
  const matcher = pattern.matcher(text.slice(0, TEXT_LENGTH_MAX));
  if (!matcher.find()) return undefined;
  return matcher.group(pattern.groupCount() > 0 ? 1 : 0) ?? undefined;
}

/** Throws for what is none: `patternFaults` has told before. */
export function compilePattern(text: string): RE2JS {
  return RE2JS.compile(text);
}

type Place = { path: string; text: string };

/** What is wrong with the patterns of a connection, by where they stand. */
export function patternFaults(places: readonly Place[]): { path: string; words: string }[] {
  const faults = places.flatMap(({ path, text }) => {
    const words = faultOf(text);
    return words === undefined ? [] : [{ path, words }];
  });
  if (faults.length > 0) return faults;
  const size = places.reduce((sum, { text }) => sum + compilePattern(text).programSize(), 0);
  if (size <= PROGRAM_SIZE_MAX) return [];
  const words = `makes the patterns too large together: ${size} of ${PROGRAM_SIZE_MAX} steps; repeat less`;
  return places.slice(-1).map(({ path }) => ({ path, words }));
}

function faultOf(text: string): string | undefined {
  try {
    compilePattern(text);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : "it cannot be read";
    return `must be a pattern of RE2, which has no look-around and no back-references: ${why}`;
  }
}
