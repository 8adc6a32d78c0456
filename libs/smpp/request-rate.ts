// How fast a connection is used: as its settings say, slower after the peer has said that it is too
// fast, and by and by as before.

/** A bind that was throttled is at its full rate again after so long without another word of that. */
const RECOVERY_MS = 60_000;
/** Several requests are on their way when the peer begins to throttle: it is one word. */
const ONE_WORD_MS = 1_000;
/** Slower than any carrier: one in ten seconds. */
const RATE_MIN = 0.1;
/** A pause is no credit for more than a tenth of a second's requests. */
const CREDIT_MS = 100;

export type RequestRate = {
  /**
   * When `count` requests may go out together, ms from now; undefined if that is later than
   * `withinMs`, and then nothing is taken.
   */
  reserve(count: number, withinMs: number): number | undefined;
  /** What was reserved and not used. */
  giveBack(count: number): void;
  throttle(): void;
  /** Requests a second. */
  rate(): number;
};

/** `now` is a monotonic clock, ms. */
export function createRequestRate(perSecond: number, now: () => number): RequestRate {
  let nextAt = 0;
  let throttled = { rate: perSecond, at: Number.NEGATIVE_INFINITY };

  function rate(): number {
    const recovered = (perSecond * (now() - throttled.at)) / RECOVERY_MS;
    return Math.min(perSecond, throttled.rate + recovered);
  }

  return {
    rate,
    reserve(count, withinMs) {
      const at = now();
      const beginAt = Math.max(nextAt, at - CREDIT_MS);
      const inMs = Math.max(0, beginAt - at);
      if (inMs > withinMs) return undefined;
      nextAt = beginAt + (count * 1_000) / rate();
      return inMs;
    },
    giveBack(count) {
      nextAt -= (count * 1_000) / rate();
    },
    throttle() {
      const at = now();
      if (at - throttled.at < ONE_WORD_MS) return;
      throttled = { rate: Math.max(RATE_MIN, rate() / 2), at };
    },
  };
}
