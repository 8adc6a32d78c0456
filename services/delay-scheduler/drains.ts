// Publishes what dead processes left in the outboxes, beside the turns: whatever the timers meet, clocks that are apart or a
// topic of ticks that takes none; and whatever an entry waits for, the timers do not.
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { drainAbandoned } from "#libs/message-flow/drain-outbox.ts";
import type { Flow } from "#libs/message-flow/flow.ts";

/** `tell` hears of what a drain meets beside a closed shard, of a fault that several shards have once. */
export function drainsOf(flow: Flow, tell: (fault: unknown) => void) {
  const running = new Map<number, Promise<void>>();
  const met = new Map<number, string>();

  async function drain(shard: number): Promise<void> {
    try {
      await drainAbandoned(shard, flow);
      met.delete(shard);
    } catch (fault) {
      const isKnown = [...met.values()].includes(String(fault));
      met.delete(shard);
      if (fault instanceof ShardClosedError) return;
      met.set(shard, String(fault));
      if (!isKnown) tell(fault);
    } finally {
      running.delete(shard);
    }
  }

  return {
    /** Drains each shard whose last drain has ended. */
    begin(): void {
      for (const shard of Array.from({ length: flow.store.shardCount }).keys()) {
        if (!running.has(shard)) running.set(shard, drain(shard));
      }
    },
    /** What the last drain of each shard has met. */
    faults: (): Iterable<string> => met.values(),
    ended: async (): Promise<void> => void (await Promise.all(running.values())),
  };
}
