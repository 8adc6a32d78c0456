import { setImmediate as breathe } from "node:timers/promises";

/** Others wait no longer than this, and for the one piece of work that is in hand. */
const TURN_MS = 10;

/**
 * For a long computation: what it returns is to be awaited between the pieces of work, and lets
 * others' requests have their turn wherever 10 ms have gone by.
 */
export function takeTurns(): () => Promise<void> {
  let startedAt = performance.now();
  return async () => {
    if (performance.now() - startedAt < TURN_MS) return;
    await breathe();
    startedAt = performance.now();
  };
}
