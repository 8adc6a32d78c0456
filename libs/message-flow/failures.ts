// Messages that could not be moved, among others that were.
import { RetriableError, WaitsAloneError } from "#libs/errors.ts";

/** `error` says its stage. Without a message it is its whole shard's. */
export type Failure = { messageId: string | null; error: unknown };

/**
 * Throws what the failures come to: what may pass by itself goes before what will not, and what waits
 * alone comes last, since whoever hears of it takes all others for handled, or told apart.
 */
export function throwFailures(failures: readonly Failure[]): void {
  const isAlone = ({ error }: Failure) => error instanceof WaitsAloneError;
  const passing = failures.find((one) => one.error instanceof RetriableError && !isAlone(one));
  const lasting = failures.find(({ error }) => !(error instanceof RetriableError));
  const told = passing ?? lasting ?? failures[0];
  if (told) throw told.error;
}
