// A member's heartbeats within one generation, and what they are answered by.
import { HEARTBEAT_INTERVAL_MS, SESSION_TIMEOUT_MS } from "../group-pace.ts";
import { sleepUnless } from "../sleep-unless.ts";
import { isOfGroup, isRebalancing } from "./platformatic-faults.ts";

export type Beats = Disposable & {
  /** True once the group is dealt out anew: what is in hand is to end soon, and is still this member's until then. */
  isRebalancing: () => boolean;
  /** True once the partitions may be another member's: it was told so, or could not beat for a session's time. */
  isLost: () => boolean;
  /** What the group has answered to something else. */
  hear: (error: unknown) => void;
};

/** Beats until disposed, or lost. `onChange` is told of either. */
export function startBeats(beat: () => Promise<void>, onChange: () => void): Beats {
  const done = new AbortController();
  let isRebalanced = false;
  let isLost = false;
  let beatenAtMs = performance.now();
  // Its faults are its answers.
  void run();

  async function run(): Promise<void> {
    while (!isLost && (await sleepUnless(done.signal, HEARTBEAT_INTERVAL_MS))) {
      const askedAtMs = performance.now();
      try {
        await beat();
        beatenAtMs = askedAtMs;
      } catch (error) {
        // During a rebalance each is refused, and yet keeps the member.
        if (isRebalancing(error)) beatenAtMs = askedAtMs;
        hear(error);
        if (performance.now() - beatenAtMs > SESSION_TIMEOUT_MS) end();
      }
    }
  }

  function hear(error: unknown): void {
    if (!isOfGroup(error)) return;
    if (!isRebalancing(error)) return end();
    isRebalanced = true;
    onChange();
  }

  function end(): void {
    isLost = true;
    onChange();
  }

  return {
    isRebalancing: () => isRebalanced,
    isLost: () => isLost,
    hear,
    [Symbol.dispose]: () => done.abort(),
  };
}
