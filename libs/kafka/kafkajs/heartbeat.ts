// A long handling must not cost the member its partitions, and must notice when others want them.
import { isRebalance } from "../faults.ts";

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
  let rebalancing = false;
  let beaten = Promise.resolve();
  // Not a sleep that a signal ends: most work ends before the first beat, and that error costs more than much of it.
  const beating = setInterval(() => {
    beaten = beat();
  }, BEAT_INTERVAL_MS);
  try {
    await work(() => rebalancing);
  } finally {
    clearInterval(beating);
    await beaten;
  }

  /** Those that come while one is under way are that one (kafkajs shares them). */
  async function beat(): Promise<void> {
    try {
      await heartbeat();
    } catch (error) {
      // During a rebalance each beat is refused, and yet keeps the member. Of any other fault
      // the consumer hears by itself, when it beats after the batch.
      rebalancing ||= isRebalance(error);
    }
  }
}
