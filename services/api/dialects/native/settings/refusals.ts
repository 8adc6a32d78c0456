// What changes of settings are refused with, for the document. What every body, path or query can
// be refused with is added there.
import type { ProblemCode } from "#libs/dialects/native/problem.ts";

/** A change of what must be there. */
export const CHANGING = ["not-found", "unavailable"] as const satisfies ProblemCode[];

/** The same, of the version that the caller names. */
export const CHANGING_VERSION = [
  ...CHANGING,
  "revision-missing",
  "revision-mismatch",
] as const satisfies ProblemCode[];

export const DELETING = [...CHANGING_VERSION, "in-use"] as const satisfies ProblemCode[];

export const PUTTING = [
  ...DELETING,
  "unknown-reference",
  "too-many",
] as const satisfies ProblemCode[];
