// Looks at Redis' clock and this process' once a second, so that clocks that are apart are told before
// anything has to wait for them: a metric, a line in the log, a reason in `/readyz`.
import type { Redis } from "ioredis";
import { Gauge } from "prom-client";
import { askAll } from "#libs/redis/ask-all.ts";
import {
  CLOCK_SKEW_MAX_MS,
  type ClockReading,
  ClockSkewError,
  skewOf,
} from "#libs/redis/clocks.ts";
import { toEpochMs } from "#libs/redis/reply.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { registry } from "#libs/telemetry/metrics.ts";

const LOOK_EVERY_MS = 1_000;
/** One line for as long as it lasts would be overlooked, one for every look would hide all others. */
const TELL_EVERY_LOOK = 30;

const skewSeconds = new Gauge({
  name: "fallthrough_clock_skew_seconds",
  help: "By how much Redis' clock is ahead of this process' own, as last seen; below 0: behind. Of several nodes the furthest off.",
  registers: [registry],
});

export type ClockWatch = Disposable & {
  /** Both clocks in one sentence while they are too far apart; empty otherwise. */
  whyNotReady(): string[];
  /** The earlier of the process' clock and Redis', as far as that was seen, epoch ms. */
  earlierNow(): number;
};

/** Watches until it is disposed. While Redis does not answer, what was seen last is kept. */
export function watchClocks(nodes: () => readonly Redis[], log: Log): ClockWatch {
  /** Of the node whose clock is furthest off. */
  let last: ClockReading | undefined;
  let aheadMs = 0;
  let looksApart = 0;

  function note(reading: ClockReading): void {
    last = reading;
    const skewMs = skewOf(reading);
    skewSeconds.set(skewMs / 1_000);
    if (Math.abs(skewMs) <= CLOCK_SKEW_MAX_MS) {
      if (looksApart > 0) log.info({ skewMs }, "the clocks agree again");
      looksApart = 0;
      return;
    }
    const { message } = new ClockSkewError(reading);
    if (looksApart % TELL_EVERY_LOOK === 0) log.error({ skewMs }, message);
    looksApart += 1;
  }

  async function look(): Promise<void> {
    const readings = await askAll(nodes(), readClocks);
    aheadMs = Math.min(...readings.map(skewOf));
    const [worst] = readings.toSorted((a, b) => Math.abs(skewOf(b)) - Math.abs(skewOf(a)));
    if (worst) note(worst);
  }

  // Redis that is away is told by whoever needs it.
  const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS).unref();
  return {
    whyNotReady: () => (last && looksApart > 0 ? [new ClockSkewError(last).message] : []),
    earlierNow: () => Date.now() + Math.min(0, aheadMs),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

async function readClocks(node: Redis): Promise<ClockReading> {
  const sentAtMs = Date.now();
  const redisMs = toEpochMs(await node.time());
  return { redisMs, sentAtMs, answeredAtMs: Date.now() };
}
