// The delay scheduler: what is due in the sorted sets becomes a tick on Kafka. A timer is only
// lent: its entry stays until the transition that it causes is committed, and fires again when its
// lease has ended. So a lost tick is made up for, two schedulers on one shard are harmless, and a
// consumer that is away finds a bounded number of ticks.
import { RetriableError } from "#libs/errors.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { drainsOf } from "./drains.ts";
import { fireDue } from "./fire-due.ts";

/**
 * An independent bounded poll: nothing else needs to wake the scheduler, so nothing can fail to. A wait has a second
 * at least, so its timer is seen before it is due; what is due when it is armed may be late by this.
 */
const SLEEP_MS_MAX = 100;
/** Turns that followed each other at once would have a timer or two each: what they cost delays more than this. */
const PACE_MS = 5;
/** After a fault the next try follows soon: the promise is that timers are out 2 s after it healed. */
const FAULT_PAUSE_MS = 500;
/** How often all shards are looked at whole, and their outboxes for what dead processes left. */
const LOOK_INTERVAL_MS = 1_000;

export type Scheduler = {
  flow: Flow;
  leaseMs: number;
  log: Log;
  stop: AbortSignal;
  /** Told after each turn why due timers are not looked for and published; empty where they are. */
  onTurn: (reasons: readonly string[]) => void;
  /** The stores beside the shards, each with the process that has it and what its mark says. */
  stores: () => Promise<readonly string[]>;
  /**
   * Told at the start, once a second while shards are closed, and whenever others have opened shards, another process
   * has a store, or its mark is another one, to open what is to be opened.
   */
  onClosed: () => Promise<void>;
};

/** Turns until `stop`. Whatever a turn meets pauses it and is told; nothing ends it. */
export async function runScheduler(scheduler: Scheduler): Promise<void> {
  let wholeAt = 0;
  const opening = openerOf(scheduler);
  const drains = drainsOf(scheduler.flow, (fault) => tell(fault, scheduler.log));
  const looks = shardsOf(scheduler.flow).map(firstLook);
  while (!scheduler.stop.aborted) {
    const isWhole = performance.now() >= wholeAt;
    if (isWhole) drains.begin();
    const asked = isWhole ? scheduler.stores() : [];
    const [faults, stores] = await Promise.all([takeTurn(scheduler, looks, isWhole), asked]);
    const closed = looks.flatMap((look) => look.closed ?? []);
    if (isWhole) {
      wholeAt = performance.now() + LOOK_INTERVAL_MS;
      const epochs = looks.flatMap(({ epoch }) => epoch ?? []);
      opening.look(closed.length > 0, [...epochs, ...stores]);
    }
    // A dependency that is away is so for every shard: it is told once a turn.
    const told = new Map(faults.map((fault) => [String(fault), fault]));
    for (const fault of told.values()) tell(fault, scheduler.log);
    const reasons = new Set([...told.keys(), ...drains.faults()]);
    scheduler.onTurn([...reasons, ...closed.map(({ message }) => message)]);
    await sleep(faults.length > 0 ? FAULT_PAUSE_MS : pauseMs(looks), scheduler.stop);
  }
  await Promise.all([opening.ended(), drains.ended()]);
}

/**
 * Opens closed shards beside the turns: those that are open go on meanwhile. Whoever opened shards may have died
 * before the stores beside them, so it is due for epochs of shards that were not there before, too, and for stores that
 * another process has, or whose mark is gone.
 */
function openerOf({ onClosed, log }: Scheduler) {
  let running: Promise<void> | undefined;
  let doneFor = new Set<string>();
  let isDue = true;
  return {
    look(isAnyClosed: boolean, names: readonly string[]) {
      isDue ||= isAnyClosed || names.some((name) => !doneFor.has(name));
      if (running || !isDue) return;
      running = onClosed()
        .then(() => {
          isDue = false;
          doneFor = new Set(names);
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

/** What the last look at a shard has found. */
type Look = {
  shard: number;
  /** When to look again, in ms of `performance.now()`. */
  nextAt: number;
  /** Before this nothing is due but what others arm meanwhile, in ms of `performance.now()`; 0 where that is not known. */
  idleUntil: number;
  closed: ShardClosedError | null;
  /** Null where it is not known. */
  epoch: string | null;
};

function firstLook(shard: number): Look {
  return { shard, nextAt: 0, idleUntil: 0, closed: null, epoch: null };
}

function pauseMs(looks: readonly Look[]): number {
  const nextAt = Math.min(...looks.map((look) => look.nextAt));
  return Math.max(PACE_MS, nextAt - performance.now());
}

/**
 * Fires what is due, each shard by itself: what one meets costs no other its ticks, which would come a lease later.
 * A whole turn looks at all of them. Resolves with what was met beside closed shards.
 */
async function takeTurn(
  scheduler: Scheduler,
  looks: readonly Look[],
  isWhole: boolean,
): Promise<unknown[]> {
  const now = performance.now();
  const asked = isWhole ? looks : looks.filter(({ nextAt }) => nextAt <= now);
  const isIdle = ({ idleUntil }: Look) => !isWhole && idleUntil > now;
  const due = asked.filter((look) => !isIdle(look)).map((look) => lookAt(look, scheduler));
  const met = await Promise.all([...due, lookWhereDue(asked.filter(isIdle), scheduler)]);
  return met.flat();
}

/**
 * Asks shards of which nothing is known to be due whether something was armed, all by one command: to claim of each was
 * a third of what an idle product did.
 */
async function lookWhereDue(idle: readonly Look[], scheduler: Scheduler): Promise<unknown[]> {
  if (idle.length === 0) return [];
  const { store } = scheduler.flow;
  const askedAt = performance.now();
  // Of a fault each tells by itself when it is looked at.
  const first = await store.firstDue(idle.map(({ shard }) => shard)).catch(() => idle.map(() => 0));
  const nowMs = Date.now();
  for (const [index, look] of idle.entries()) {
    rest(look, askedAt, Math.max(0, (first[index] ?? Infinity) - nowMs));
  }
  const due = idle.filter(({ idleUntil }) => idleUntil <= askedAt);
  return (await Promise.all(due.map((look) => lookAt(look, scheduler)))).flat();
}

/** Never rejects: resolves with the fault that it met, if any. */
async function lookAt(look: Look, { flow, leaseMs }: Scheduler): Promise<unknown[]> {
  const askedAt = performance.now();
  look.nextAt = askedAt + SLEEP_MS_MAX;
  look.idleUntil = 0;
  look.closed = look.epoch = null;
  try {
    const { sleepMs, epoch } = await fireDue(look.shard, { flow, leaseMs });
    rest(look, askedAt, sleepMs);
    look.epoch = epoch.token;
    return [];
  } catch (fault) {
    if (!(fault instanceof ShardClosedError)) return [fault];
    look.closed = fault;
    return [];
  }
}

/** `idleMs`: so long from `askedAt` on nothing is due that is known. */
function rest(look: Look, askedAt: number, idleMs: number): void {
  look.idleUntil = askedAt + idleMs;
  look.nextAt = askedAt + Math.min(SLEEP_MS_MAX, idleMs);
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
