// A long handling must not cost the member its partitions, and must notice when others want them.
import { isRebalance } from "../faults.ts";
import { sleepUnless } from "../sleep-unless.ts";

/** kafkajs lets one in `HEARTBEAT_INTERVAL_MS` through; twice as often keeps that pace. */
const BEAT_INTERVAL_MS = 500;

/**
 * Keeps the member alive while `work` goes on. `isRebalancing` tells it that the group is being
 * dealt out anew: it should end soon, and everybody waits for it until then.
 */
export async function whileBeating(
  heartbeat: () => Promise<void>,
  work: (isRebalancing: () => boolean) => Promise<void>,
): Promise<void> {
  const done = new AbortController();
  let rebalancing = false;
  const beating = beat();
  try {
    await work(() => rebalancing);
  } finally {
    done.abort();
    await beating;
  }

  async function beat(): Promise<void> {
    while (await sleepUnless(done.signal, BEAT_INTERVAL_MS)) {
      try {
        await heartbeat();
      } catch (error) {
        // During a rebalance each beat is refused, and yet keeps the member. Of any other fault
        // the consumer hears by itself, when it beats after the batch.
        rebalancing ||= isRebalance(error);
      }
    }
  }
}
