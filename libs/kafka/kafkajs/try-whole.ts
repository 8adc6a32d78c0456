// kafkajs 2.2.4's own tries of a send ask no broker again that has answered one of them. Where the leader of a partition
// whose records were refused has moved to such a broker, they are sent nowhere, and the send succeeds (its pull request
// 1798 mends the same memory). So each try here is a send of its own.
import { setTimeout as sleep } from "node:timers/promises";

/** For a leader that has just moved. Two more tries bound a call at 30 s if the broker is silent; the caller knows what to pause. */
const PAUSES_MS = [300, 600];

/**
 * Sends until it is taken as a whole, three times at most: what a try before had sent is there once more. `send` is a
 * producer's that tries nothing again by itself. Throws kafkajs' error of the last try, and at once one that does not pass.
 */
export async function tryWhole(send: () => Promise<unknown>): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    try {
      await send();
      return;
    } catch (error) {
      if (!mayPass(error)) throw error;
    }
    await sleep(pauseMs);
  }
  await send();
}

/** So kafkajs calls what it would have tried again. */
function mayPass(error: unknown): boolean {
  return error instanceof Error && error.name === "KafkaJSNumberOfRetriesExceeded";
}
