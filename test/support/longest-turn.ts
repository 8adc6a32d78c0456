import { cpuMs } from "./cpu-ms.ts";
import { leastOf } from "./least-of.ts";

/**
 * No turn of the event loop takes longer: others are answered in between. It is 100 ms on a usual core; the slowest that the
 * suite was seen on take twice as long.
 */
export const TURN_MS_MAX = 250;

/**
 * How long one turn of the event loop computes at most while this is done, CPU ms: on a busy machine clocks tell something
 * else. The least of up to three measurements: a neighbour on the same core costs CPU too, but shortens no turn.
 */
export async function longestTurnMs(run: () => Promise<unknown>): Promise<number> {
  return await leastOf(() => watchTurns(run), TURN_MS_MAX);
}

async function watchTurns(run: () => Promise<unknown>): Promise<number> {
  let [longest, before] = [0, cpuMs()];
  const note = () => {
    const now = cpuMs();
    [longest, before] = [Math.max(longest, now - before), now];
  };
  const beat = (): NodeJS.Immediate =>
    setImmediate(() => {
      note();
      next = beat();
    });
  let next = beat();
  await run();
  // With the turn that is not over yet.
  note();
  clearImmediate(next);
  return longest;
}
