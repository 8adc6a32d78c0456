// The delay scheduler: what is due in the sorted sets becomes a tick on Kafka. A timer is only
// lent: its entry stays until the transition that it causes is committed, and fires again when its
// lease has ended. So a lost tick is made up for, two schedulers on one shard are harmless, and a
// consumer that is away finds a bounded number of ticks.
import { withinBounds } from "#libs/contracts/bounds.ts";
import type { TimerTick } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { DueTimer } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { drainAbandoned } from "#libs/message-flow/drain-outbox.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import { setAside } from "#libs/message-flow/set-aside.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { claimedCount } from "./metrics.ts";

/**
 * An independent bounded poll: nothing else needs to wake the scheduler, so nothing can fail to. A wait has a second
 * at least, so its timer is seen before it is due; what is due when it is armed may be late by this.
 */
const SLEEP_MS_MAX = 100;
/**
 * Timers of one shard whose ticks are on their way. With 16 shards some 4,000: as many as the
 * consumers move within a second, so that one that is due now is out soon whatever waits.
 */
const LENT_COUNT_MAX = 256;
/** After a fault the next try follows soon: the promise is that timers are out 2 s after it healed. */
const FAULT_PAUSE_MS = 500;
/** How often the outboxes are looked at for what dead processes left. */
const DRAIN_INTERVAL_MS = 1_000;

export type Scheduler = {
  flow: Flow;
  leaseMs: number;
  log: Log;
  stop: AbortSignal;
  /** Told after each turn why due timers are not looked for and published; empty where they are. */
  onTurn: (reasons: readonly string[]) => void;
  /**
   * Told at the start, once a second while shards are closed, and whenever others have opened shards, to open what is to be
   * opened.
   */
  onClosed: () => Promise<void>;
};

/** Turns until `stop`. Whatever a turn meets pauses it and is told; nothing ends it. */
export async function runScheduler(scheduler: Scheduler): Promise<void> {
  let drainAt = 0;
  const opening = openerOf(scheduler);
  while (!scheduler.stop.aborted) {
    const isDraining = performance.now() >= drainAt;
    const { sleepMs, faults, closed, epochs } = await takeTurn(scheduler, isDraining);
    if (isDraining) drainAt = performance.now() + DRAIN_INTERVAL_MS;
    if (isDraining) opening.look(closed.length > 0, epochs);
    // A dependency that is away is so for every shard: it is told once a turn.
    const told = new Map(faults.map((fault) => [String(fault), fault]));
    for (const fault of told.values()) tell(fault, scheduler.log);
    scheduler.onTurn([...told.keys(), ...closed.map(({ message }) => message)]);
    await sleep(faults.length > 0 ? FAULT_PAUSE_MS : sleepMs, scheduler.stop);
  }
  await opening.ended();
}

/**
 * Opens closed shards beside the turns: those that are open go on meanwhile. Whoever opened shards may have died
 * before the stores beside them, so it is due for epochs of shards that were not there before, too.
 */
function openerOf({ onClosed, log }: Scheduler) {
  let running: Promise<void> | undefined;
  let doneFor = new Set<string>();
  let isDue = true;
  return {
    look(isAnyClosed: boolean, epochs: readonly string[]) {
      isDue ||= isAnyClosed || epochs.some((epoch) => !doneFor.has(epoch));
      if (running || !isDue) return;
      running = onClosed()
        .then(() => {
          isDue = false;
          doneFor = new Set(epochs);
        })
        .catch((error) => tell(error, log))
        .finally(() => {
          running = undefined;
        });
    },
    ended: () => running ?? Promise.resolve(),
  };
}

/** A dependency that is away is waited for; any other fault is a bug, or something odd in the store. */
function tell(fault: unknown, log: Log): void {
  if (fault instanceof RetriableError) log.warn({ err: fault }, "timers wait for a dependency");
  else log.error({ err: fault }, "a shard's timers or outbox cannot be handled");
}

type Turn = {
  sleepMs: number;
  faults: unknown[];
  closed: ShardClosedError[];
  /** Of the shards that are open. */
  epochs: string[];
};

/**
 * Fires what is due, each shard by itself: what one meets costs no other its ticks, which would come
 * a lease later. `sleepMs` is how long nothing else will be due.
 */
async function takeTurn({ flow, leaseMs }: Scheduler, isDraining: boolean): Promise<Turn> {
  const turns = await Promise.allSettled(
    shardsOf(flow).map(async (shard) => {
      const fired = await fireDue(shard, { flow, leaseMs });
      if (isDraining) await drainAbandoned(shard, flow);
      return fired;
    }),
  );
  const done = turns.flatMap((turn) => (turn.status === "fulfilled" ? [turn.value] : []));
  const met = turns.flatMap((turn): unknown[] => (turn.status === "rejected" ? [turn.reason] : []));
  const closed = met.filter((fault) => fault instanceof ShardClosedError);
  const faults = met.filter((fault) => !(fault instanceof ShardClosedError));
  const sleepMs = Math.min(SLEEP_MS_MAX, ...done.map((one) => one.sleepMs));
  return { sleepMs, faults, closed, epochs: done.map(({ epoch }) => epoch.token) };
}

/** Fires what is due in one shard; calls of one turn share their way to Redis and to Kafka. */
async function fireDue(
  shard: number,
  { flow, leaseMs }: Pick<Scheduler, "flow" | "leaseMs">,
): Promise<{ sleepMs: number; epoch: Epoch }> {
  const options = { callerNowMs: Date.now(), leaseMs, lentMax: LENT_COUNT_MAX };
  const claim = await flow.store.claimDue(shard, options);
  const ticks = claim.due.map((timer) => toTick(timer, claim.nowMs));
  const odd = ticks.flatMap((tick) => withFault(tick));
  for (const { tick, reason } of odd) await drop(tick, { shard, reason }, flow);
  const good = odd.length === 0 ? ticks : ticks.filter((tick) => withFault(tick).length === 0);
  claimedCount.inc(good.length);
  if (good.length > 0) await publishTicks(good, claim.epoch, flow);
  const { epoch, nextDueAt, nowMs } = claim;
  return { epoch, sleepMs: nextDueAt === null ? SLEEP_MS_MAX : Math.max(0, nextDueAt - nowMs) };
}

function toTick(timer: DueTimer, firedAt: number): TimerTick {
  return { ...timer, firedAt };
}

/** Timers whose ticks are not out are not lent: while Kafka is away their leases would grow. */
async function publishTicks(ticks: readonly TimerTick[], epoch: Epoch, flow: Flow): Promise<void> {
  try {
    await flow.producer.publish(ticks.map((tick) => toRecord(tick, flow)));
  } catch (error) {
    const messageIds = ticks.map(({ messageId }) => messageId);
    await flow.store.takeBack(epoch, messageIds);
    throw error;
  }
}

/** A timer that no commit of ours has armed: its tick would be a dead letter at every lease. */
function withFault(tick: TimerTick): { tick: TimerTick; reason: string }[] {
  const held = withinBounds("timer-tick", { ...tick }, 0);
  return held instanceof Error ? [{ tick, reason: held.message }] : [];
}

/** Resolves once the dead letter is in Kafka and the timer is gone. */
async function drop(
  { messageId, ...instants }: TimerTick,
  { shard, reason }: { shard: number; reason: string },
  flow: Flow,
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(instants));
  const key = Buffer.from(messageId);
  await setAside({ topic: topics.timerTicks.name, key, bytes, stage: "timer", reason }, flow);
  const { epoch, messages } = await flow.store.read(shard, [messageId]);
  const gone = messages.map(({ version }) => ({ messageId, version, dueAt: null }));
  await flow.store.rearm(epoch, gone);
}

function toRecord(tick: TimerTick, { contracts }: Flow): OutgoingRecord {
  const value = contracts.timerTick.encode(tick);
  return { topic: topics.timerTicks.name, key: tick.messageId, value };
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
