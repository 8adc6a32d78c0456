// When a notification that failed is tried again.

/** 8x8's: https://developer.8x8.com/connect/docs/webhooks (after 1, 10, 30 and 90 s). */
const FIRST_DELAYS_MS = [1_000, 10_000, 30_000, 90_000];
const DELAY_MAX_MS = 3_600_000;

export type BackOff = {
  /** Before the first tries that follow a failure, ms; each one after them is twice the last. */
  delaysMs: readonly number[];
  delayMaxMs: number;
  /** Since it was queued; no try is made after that. */
  giveUpAfterMs: number;
};

export const backOff: BackOff = {
  delaysMs: FIRST_DELAYS_MS,
  delayMaxMs: DELAY_MAX_MS,
  giveUpAfterMs: 24 * 3_600_000,
};

type Failing = {
  /** How often it had failed before this failure. */
  failureCount: number;
  queuedAt: number;
  now: number;
  /** What the endpoint asked for (`Retry-After`), ms; 0: nothing. */
  askedMs: number;
};

/** How long to wait before the next try, ms: what is asked for if that is more, up to an hour; null: give it up. */
export function nextDelayMs(
  { failureCount, queuedAt, now, askedMs }: Failing,
  { delaysMs, delayMaxMs, giveUpAfterMs }: BackOff,
): number | null {
  const doublings = Math.max(0, failureCount - delaysMs.length + 1);
  const base = delaysMs[failureCount] ?? delaysMs.at(-1) ?? delayMaxMs;
  const delayMs = Math.min(Math.max(base * 2 ** doublings, askedMs), delayMaxMs);
  return now + delayMs > queuedAt + giveUpAfterMs ? null : delayMs;
}
