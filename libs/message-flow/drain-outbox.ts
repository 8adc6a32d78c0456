// Publishing what processes left in the outbox that died, or that wait for Kafka. What cannot be published stays and costs the
// next drain nothing: it goes on behind that, and comes back to a part of it.
import { goOnBehind, hasPassed, type Left, nothingLeft, stuckOf } from "./left-entries.ts";
import type { Publishing } from "./publish-entry.ts";
import { type Drain, tryAgain, tryEntry } from "./try-entry.ts";

/**
 * A live process publishes its entry within a send's time limit. An older one was left by a process
 * that died, or that waits for Kafka: publishing it twice is harmless, leaving it is not.
 */
export const ABANDONED_AFTER_MS = 5_000;
/** Entries taken from a shard at a time, each of 512 messages at most. */
const PAGE_COUNT = 16;
/** New ones that a bug keeps there: a drain ends at so many, and the next goes on behind them. */
const STUCK_COUNT_MAX = 256;
/** Those that wait are remembered with their messages. With so many nobody looks behind them. */
const WAITING_COUNT_MAX = 64;

export type Drained = Pick<Drain, "publishedCount" | "stuck" | "away"> & Pick<Left, "waiting">;
type Outbox = { left: Left; running: Promise<Drained> | undefined };
const outboxes = new WeakMap<Publishing["producer"], Map<number, Outbox>>();

/**
 * Publishes a page of what dead processes left in a shard's outbox, the oldest that can be published, and up to a
 * page more; returns how many entries that were. Those of one message go out in their order. One that cannot be published
 * stays, and holds up no other. Throws the RetriableError of one that waits, once the others are out.
 */
export async function drainAbandoned(shard: number, flow: Publishing): Promise<number> {
  const { publishedCount, waiting } = await drainShared(shard, [], flow);
  const [first] = waiting.values();
  if (first) throw first.error;
  return publishedCount;
}

/**
 * Likewise, and throws nothing that single entries wait for. Of `wanted`, those that stay are tried again, now or, where a
 * drain is running, by the next one. Who calls while another does shares its drain: as many as wait for the shard would each
 * publish all of it, most of all while Kafka is slow.
 */
export function drainShared(
  shard: number,
  wanted: readonly string[],
  flow: Publishing,
): Promise<Drained> {
  const outbox = outboxOf(shard, flow);
  for (const entryId of stuckOf(wanted, outbox.left)) outbox.left.wanted.add(entryId);
  outbox.running ??= drainOnce(shard, outbox.left, flow).finally(() => {
    outbox.running = undefined;
  });
  return outbox.running;
}

function outboxOf(shard: number, { producer }: Publishing): Outbox {
  const ofProcess = outboxes.get(producer) ?? new Map<number, Outbox>();
  outboxes.set(producer, ofProcess);
  const known = ofProcess.get(shard) ?? { left: nothingLeft(""), running: undefined };
  ofProcess.set(shard, known);
  return known;
}

/** What came since goes before what has waited: however many wait, that is reached. */
async function drainOnce(shard: number, left: Left, flow: Publishing): Promise<Drained> {
  const own = { publishedCount: 0, stuck: new Map(), away: null, failedRun: 0 };
  const drain: Drain = { ...own, shard, left, flow };
  const waited = [...left.waiting.keys()];
  await tryNew(drain);
  for (const entryId of waited) if (!drain.away) await tryAgain(entryId, drain);
  await tryWanted(drain);
  await tryStuckAgain(drain);
  const { publishedCount, stuck, away } = drain;
  return { publishedCount, stuck, away, waiting: left.waiting };
}

async function tryNew(drain: Drain): Promise<void> {
  const { shard, left, flow, stuck } = drain;
  for (;;) {
    const page = { countMax: PAGE_COUNT, minAgeMs: ABANDONED_AFTER_MS, after: left.passed };
    const { epoch, entries } = await flow.store.readOutbox(shard, page);
    if (epoch.token !== left.token) {
      Object.assign(left, nothingLeft(epoch.token));
      continue;
    }
    if (left.waiting.size >= WAITING_COUNT_MAX) return;
    for (const entry of entries) {
      if (drain.away) return;
      await tryEntry(entry, epoch, drain);
      left.passed = entry.entryId;
    }
    const isEnough = drain.publishedCount >= PAGE_COUNT || stuck.size >= STUCK_COUNT_MAX;
    if (isEnough || entries.length < PAGE_COUNT) return;
  }
}

async function tryWanted(drain: Drain): Promise<void> {
  const { left, stuck } = drain;
  const wanted = stuckOf([...left.wanted], left);
  left.wanted.clear();
  for (const entryId of wanted) {
    if (!drain.away && !stuck.has(entryId)) await tryAgain(entryId, drain);
  }
}

/** Whatever bug keeps them there may pass: a person has mended what is stored, say. */
async function tryStuckAgain(drain: Drain): Promise<void> {
  const { shard, left, flow, stuck } = drain;
  if (drain.away || performance.now() < left.again.atMs) return;
  const page = { countMax: PAGE_COUNT, minAgeMs: 0, after: left.again.after };
  const { epoch, entries } = await flow.store.readOutbox(shard, page);
  const passed = entries.filter(({ entryId }) => hasPassed(left, entryId));
  for (const entry of passed) {
    const isTried = left.waiting.has(entry.entryId) || stuck.has(entry.entryId);
    if (!drain.away && !isTried) await tryEntry(entry, epoch, drain);
  }
  goOnBehind(passed.length < PAGE_COUNT ? undefined : passed.at(-1)?.entryId, left);
}
