import { setTimeout as sleep } from "node:timers/promises";
import { RetriableError } from "#libs/errors.ts";

const PAUSE_MS = 500;

/**
 * Tries until it succeeds, for `withinMs` at most or until `stopping`: what a provider has answered
 * is in this process alone while Redis or Kafka is away. Throws what the last try threw.
 */
export async function persist<Result>(
  action: () => Promise<Result>,
  { withinMs, stopping }: { withinMs: number; stopping: AbortSignal },
): Promise<Result> {
  const endsAt = performance.now() + withinMs;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const isOver = stopping.aborted || performance.now() + PAUSE_MS > endsAt;
      if (isOver || !(error instanceof RetriableError)) throw error;
      // An abort only ends the pause: then it is tried once more.
      await sleep(PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}
