// Takes what is due and delivers it, many at a time. What one endpoint or account has in flight is
// bounded, so a slow one fills its own room only.
import { setTimeout as sleep } from "node:timers/promises";
import { createBell } from "#libs/bell.ts";
import { RetriableError } from "#libs/errors.ts";
import { SHARD_COUNT } from "#libs/webhook-queue/keys.ts";
import type { Claimed } from "#libs/webhook-queue/webhook-queue.ts";
import { countFailing } from "./count-failing.ts";
import { type DeliveryDeps, deliver } from "./deliver.ts";
import { oldestGauge, waitingGauge } from "./metrics.ts";

/** Another process may enqueue what is due at once, and a further try may be due; so long it may lie unseen. */
const SLEEP_MAX_MS = 200;
const FAULT_PAUSE_MS = 1_000;
/** In flight in one lane, over all notifiers. */
const LANE_FLIGHT_MAX = 32;
/** In flight for one account, in this process: two endpoints of it may be slow without the third. */
const ACCOUNT_FLIGHT_MAX = 3 * LANE_FLIGHT_MAX;
/** Added to the longest try, so that a lease ends only where its notifier died. */
const LEASE_MARGIN_MS = 10_000;
const METRICS_INTERVAL_MS = 5_000;

export type DeliveryLoop = AsyncDisposable & {
  /** Whether the last look at the queue found Redis there. */
  isRunning(): boolean;
  /** Something was enqueued: looks at once. */
  wake(): void;
};

/** What is in flight; `landed` is called whenever something of it has ended. */
function flight(landed: () => void) {
  const tasks = new Set<Promise<void>>();
  const counts = new Map<string, number>();
  return {
    roomOf: (accountId: string) => ACCOUNT_FLIGHT_MAX - (counts.get(accountId) ?? 0),
    add(accountId: string, task: Promise<void>): void {
      counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
      const tracked = task.finally(() => {
        tasks.delete(tracked);
        const left = (counts.get(accountId) ?? 1) - 1;
        if (left > 0) counts.set(accountId, left);
        else counts.delete(accountId);
        landed();
      });
      tasks.add(tracked);
    },
    allLanded: () => Promise.allSettled(tasks),
  };
}

/** Starts to deliver. Disposal claims nothing more and waits for the tries in flight. */
export function startDeliveryLoop(deps: DeliveryDeps): DeliveryLoop {
  const stopping = new AbortController();
  // What lands or is enqueued while it looks may have come too late for that look.
  const bell = createBell();
  const inFlight = flight(bell.ring);
  let isRunning = false;
  let metricsAt = 0;
  const running = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const pauseMs = await lookOnce().catch((error: unknown) => pauseAfter(error, deps));
      isRunning = pauseMs < FAULT_PAUSE_MS;
      if (isRunning) await bell.rung(pauseMs);
      else await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await inFlight.allLanded();
  }

  /**
   * Claims what is due in all shards, and starts it; resolves with how long to pause, ms. Rejects with the first fault
   * that it met once all the rest is started.
   */
  async function lookOnce(): Promise<number> {
    const leaseMs = deps.timeoutMs + LEASE_MARGIN_MS;
    const limits = { leaseMs, flightMax: LANE_FLIGHT_MAX, roomOf: inFlight.roomOf };
    const shards = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
    const looked = await Promise.allSettled(
      shards.map((shard) => deps.queue.claimDue(shard, limits)),
    );
    const looks = looked.flatMap((look) => (look.status === "fulfilled" ? [look.value] : []));
    for (const claimed of looks.flatMap((look) => look.claimed)) start(claimed);
    const lost = looked.flatMap((look) => (look.status === "rejected" ? [look.reason] : []));
    const faults = [...lost, ...looks.flatMap((look) => look.faults)];
    if (faults.length > 0) throw faults[0];
    if (deps.now() >= metricsAt) await measure();
    return looks.some(({ mayHaveMore }) => mayHaveMore) ? 0 : SLEEP_MAX_MS;
  }

  function start(claimed: Claimed): void {
    const task = deliver(claimed, deps).catch((error: unknown) => {
      // Not settled: its lease ends, and it is tried again under the same id.
      deps.log[levelOf(error)]({ err: error }, "a notification could not be settled");
    });
    inFlight.add(claimed.lane.accountId, task);
  }

  async function measure(): Promise<void> {
    const { messageCount, oldestSince } = await deps.queue.backlog();
    await countFailing(deps);
    waitingGauge.set(messageCount);
    oldestGauge.set(oldestSince === null ? 0 : Math.max(0, deps.now() - oldestSince) / 1_000);
    metricsAt = deps.now() + METRICS_INTERVAL_MS;
  }

  return {
    isRunning: () => isRunning,
    wake: bell.ring,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      bell.ring();
      await running;
    },
  };
}

/** Nothing that lies in Redis may end the process: until it is mended, it is not ready and says so. */
function pauseAfter(error: unknown, { log }: DeliveryDeps): number {
  log[levelOf(error)]({ err: error }, "webhooks wait for what lies in Redis");
  return FAULT_PAUSE_MS;
}

function levelOf(error: unknown): "warn" | "error" {
  return error instanceof RetriableError ? "warn" : "error";
}
