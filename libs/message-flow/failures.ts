// Messages that could not be moved, among others that were.
import { RetriableError } from "#libs/errors.ts";

/** `error` says its stage. Without a message it is its whole shard's. */
export type Failure = { messageId: string | null; error: unknown };

/** Throws what the failures come to: what may pass by itself goes before what will not. */
export function throwFailures(failures: readonly Failure[]): void {
  const passing = failures.find(({ error }) => error instanceof RetriableError);
  const told = passing ?? failures[0];
  if (told) throw told.error;
}
