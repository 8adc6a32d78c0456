/** 1, 2, 4 ... 60 s: an SMSC that starts again is found soon, one that refuses us is not hammered. */
const DELAY_MIN_MS = 1_000;
const DELAY_MAX_MS = 60_000;

/** The pause before another try, ms, after `failureCount` failures. `random` is from 0 to 1: not all come at once. */
export function reconnectDelayMs(failureCount: number, random: number): number {
  const full = Math.min(DELAY_MIN_MS * 2 ** failureCount, DELAY_MAX_MS);
  return full * (0.75 + random / 4);
}
