import { cpuMs } from "./cpu-ms.ts";

/** How long one turn of the event loop computes at most: on a busy machine clocks tell something else. */
export function watchTurns() {
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
  return {
    longestMs: () => longest,
    /** With the turn that it is called in. */
    stop: () => {
      note();
      clearImmediate(next);
    },
  };
}
