// A start waits for Kafka, Redis and the registry as a running service does: after a reboot all of
// them start at once, and whoever comes first must not be the one that gives up.
import { setTimeout as sleep } from "node:timers/promises";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";

const FIRST_WAIT_MS = 500;
/** Each try has its own time limits of seconds; more between them only makes the start late. */
const LONGEST_WAIT_MS = 5_000;

type Waiting = {
  log: Log;
  /** Told of every RetriableError, before the wait. */
  onWait: (fault: RetriableError) => void;
  stop: AbortSignal;
};

/**
 * Starts, again and again while that throws a RetriableError, until `stop` is aborted: undefined
 * then. `start` has to leave nothing open when it throws. Any other error is thrown at once.
 */
export async function startPatiently<T>(
  start: () => Promise<T>,
  { log, onWait, stop }: Waiting,
): Promise<T | undefined> {
  for (let waitMs = FIRST_WAIT_MS; !stop.aborted; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof RetriableError)) throw error;
      onWait(error);
      log.warn({ err: error, waitMs }, "the start waits for what it needs");
      await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return undefined;
}
