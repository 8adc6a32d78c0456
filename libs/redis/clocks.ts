// The rule of the two clocks, once for all that goes by time. Redis' clock and a process' own are
// compared with every call that goes by them: deadlines are armed by the later one, and what is due
// fires by the earlier one. So a clock that is off by a little, is put right, or is another one after
// a failover makes waits longer, never shorter. While the two are further apart than that, one of
// them is wrong and nobody knows which: nothing is decided or fired, and what waits is not lost.
import { RetriableError } from "#libs/errors.ts";

/** Servers that follow NTP are within some ms; a clock that is 5 s off follows nothing. */
export const CLOCK_SKEW_MAX_MS = 5_000;

/** What both clocks showed around one call: the process' is read before it and after it. Epoch ms. */
export type ClockReading = { redisMs: number; sentAtMs: number; answeredAtMs: number };

/** `laterMs` is what deadlines are armed by, `earlierMs` what is due by. Epoch ms. */
export type AgreedClocks = { earlierMs: number; laterMs: number };

/** Retriable: goes on by itself once the clock that is wrong is put right. */
export class ClockSkewError extends RetriableError {
  override name = "ClockSkewError";

  constructor({ redisMs, answeredAtMs }: ClockReading) {
    super(
      `Redis' clock says ${instant(redisMs)} and this process' says ${instant(answeredAtMs)}: ` +
        `nothing is decided or fired while they differ by more than ${CLOCK_SKEW_MAX_MS / 1_000} s.`,
    );
  }
}

/** By how much Redis' clock is ahead of the process', ms; below 0: behind. A slow answer is no skew. */
export function skewOf({ redisMs, sentAtMs, answeredAtMs }: ClockReading): number {
  return Math.max(0, redisMs - answeredAtMs) + Math.min(0, redisMs - sentAtMs);
}

/** More than CLOCK_SKEW_MAX_MS: one of the two is wrong. */
export function areApart(reading: ClockReading): boolean {
  return Math.abs(skewOf(reading)) > CLOCK_SKEW_MAX_MS;
}

/** Throws ClockSkewError where the two are apart. */
export function agree(reading: ClockReading): AgreedClocks {
  const { redisMs, answeredAtMs } = reading;
  if (areApart(reading)) throw new ClockSkewError(reading);
  return { earlierMs: Math.min(redisMs, answeredAtMs), laterMs: Math.max(redisMs, answeredAtMs) };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
