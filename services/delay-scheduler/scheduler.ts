// The delay scheduler: what is due in the sorted sets becomes a tick on Kafka. A timer is only
// lent: its entry stays, moved by a lease, until the transition that it causes is committed. So a
// lost tick fires again, and two schedulers on one shard are harmless.
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { ClaimResult } from "#libs/flow-store/ports.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import type { Flow } from "#libs/message-flow/advance.ts";
import { drainAbandoned } from "#libs/message-flow/publish-entry.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { claimedCount } from "./metrics.ts";

/** An independent bounded poll: nothing else needs to wake the scheduler, so nothing can fail to. */
const SLEEP_MS_MAX = 50;
/** Timers of one shard in one claim: a script of about 1 ms on Redis. */
const CLAIM_COUNT_MAX = 500;
/** After a fault the next try follows soon: the promise is that timers are out 2 s after it healed. */
const FAULT_PAUSE_MS = 500;
/** How often the outboxes are looked at for what dead processes left. */
const DRAIN_INTERVAL_MS = 1_000;

export type Scheduler = {
  flow: Flow;
  leaseMs: number;
  log: Log;
  stop: AbortSignal;
  /** Told after each turn whether it could look for due timers and publish them. */
  onTurn: (isTicking: boolean) => void;
};

/** Turns until `stop`. Faults of Redis or Kafka pause it; any other error rejects. */
export async function runScheduler(scheduler: Scheduler): Promise<void> {
  let drainAt = 0;
  while (!scheduler.stop.aborted) {
    try {
      const sleepMs = await fireDue(scheduler);
      scheduler.onTurn(true);
      if (Date.now() >= drainAt) {
        await drainAll(scheduler.flow);
        drainAt = Date.now() + DRAIN_INTERVAL_MS;
      }
      await sleep(sleepMs, scheduler.stop);
    } catch (error) {
      if (!(error instanceof RetriableError)) throw error;
      scheduler.onTurn(false);
      scheduler.log.warn({ err: error }, "timers wait for a dependency");
      await sleep(FAULT_PAUSE_MS, scheduler.stop);
    }
  }
}

/** Fires what is due in all shards and says how long nothing else will be, ms. */
async function fireDue({ flow, leaseMs }: Scheduler): Promise<number> {
  const callerNowMs = Date.now();
  const options = { callerNowMs, leaseMs, countMax: CLAIM_COUNT_MAX };
  const claims = await Promise.all(
    shardsOf(flow).map((shard) => flow.store.claimDue(shard, options)),
  );
  const ticks = claims.flatMap((claim) => ticksOf(claim, flow));
  claimedCount.inc(ticks.length);
  await flow.producer.publish(ticks);
  return Math.min(SLEEP_MS_MAX, ...claims.map(untilNext));
}

function ticksOf({ due, nowMs }: ClaimResult, { contracts }: Flow): OutgoingRecord[] {
  return due.map(({ messageId, dueAt }) => ({
    topic: topics.timerTicks.name,
    key: messageId,
    value: contracts.timerTick.encode({ messageId, dueAt, firedAt: nowMs }),
  }));
}

function untilNext({ nextDueAt, nowMs }: ClaimResult): number {
  return nextDueAt === null ? SLEEP_MS_MAX : Math.max(0, nextDueAt - nowMs);
}

async function drainAll(flow: Flow): Promise<void> {
  for (const shard of shardsOf(flow)) await drainAbandoned(shard, flow);
}

function shardsOf({ store }: Flow): number[] {
  return Array.from({ length: store.shardCount }, (_, shard) => shard);
}

function sleep(ms: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      stop.removeEventListener("abort", done);
      resolve();
    }
  });
}
