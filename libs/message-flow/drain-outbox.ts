// Publishing what processes left in the outbox that died, or that wait for Kafka.
import { topics } from "#libs/contracts/topics.ts";
import { inStage, RetriableError } from "#libs/errors.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { OutboxEntry, ReadMessages } from "#libs/flow-store/ports.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import type { Failure } from "./failures.ts";
import { decodeOutbox } from "./outbox.ts";
import { type Entry, journalAgain, type Publishing, publishEntry } from "./publish-entry.ts";
import { setAside } from "./set-aside.ts";

/**
 * A live process publishes its entry within a send's time limit. An older one was left by a process
 * that died, or that waits for Kafka: publishing it twice is harmless, leaving it is not.
 */
const ABANDONED_AFTER_MS = 5_000;
/** Entries taken from a shard at a time, each of 512 messages at most. */
const DRAIN_COUNT_MAX = 16;
/** How long whoever waits for an entry does so before it tries again from the start. */
const STANDSTILL_MS = 4 * ABANDONED_AFTER_MS;
const POLL_MS = 100;

/** `stuck`: of which messages an entry stays, and by which fault. */
type Drained = { publishedCount: number; stuck: Map<string, unknown> };

const draining = new WeakMap<Publishing["producer"], Map<number, Promise<Drained>>>();

/**
 * Publishes a page of what dead processes left in a shard's outbox, the oldest that can be published, and up to a
 * page more; returns how many entries that were. One that cannot be published stays, and holds up no other. Who calls while
 * another does shares its drain: as many as wait for the shard would each publish all of it, most of all while Kafka
 * is slow.
 */
export async function drainAbandoned(shard: number, flow: Publishing): Promise<number> {
  return (await drainShared(shard, flow)).publishedCount;
}

function drainShared(shard: number, flow: Publishing): Promise<Drained> {
  const running = draining.get(flow.producer) ?? new Map<number, Promise<Drained>>();
  draining.set(flow.producer, running);
  const known = running.get(shard);
  if (known) return known;
  const begun = drainOldest(shard, flow).finally(() => running.delete(shard));
  running.set(shard, begun);
  return begun;
}

async function drainOldest(shard: number, flow: Publishing): Promise<Drained> {
  const drained: Drained = { publishedCount: 0, stuck: new Map() };
  for (let after: string | undefined; ; ) {
    const page = { countMax: DRAIN_COUNT_MAX, minAgeMs: ABANDONED_AFTER_MS, after };
    const { epoch, entries } = await flow.store.readOutbox(shard, page);
    await drainPage(entries, { epoch, drained }, flow);
    const { publishedCount } = drained;
    if (publishedCount >= DRAIN_COUNT_MAX || entries.length < DRAIN_COUNT_MAX) return drained;
    after = entries.at(-1)?.entryId;
  }
}

/** What is met goes into `drained`. */
async function drainPage(
  abandoned: readonly OutboxEntry[],
  { epoch, drained }: { epoch: Epoch; drained: Drained },
  flow: Publishing,
): Promise<void> {
  for (const entry of abandoned) {
    try {
      await inStage("publish", () => drain(entry, epoch, flow));
      drained.publishedCount++;
    } catch (error) {
      if (error instanceof RetriableError) throw error;
      const { shard } = epoch;
      flow.log.error({ err: error, shard, entryId: entry.entryId }, "an outbox entry stays");
      const messages = "fault" in entry ? [] : entry.messages;
      for (const { messageId } of messages) drained.stuck.set(messageId, error);
    }
  }
}

/**
 * Resolves once the outbox holds nothing of what was decided of these messages before they were read. Awaited where an
 * input decides nothing: it may be the repeat of one that another process has decided and not published, which is dead,
 * or no member of its group any more and does not know it; the input's offset must not be committed ahead of that.
 * Returns those of which a bug keeps an entry there: it is told by their inputs, and waits for a person with them.
 * Throws RetriableError where the outbox stands still, and ShardClosedError where Redis was lost since the reading.
 */
export async function settleMessages(
  read: Pick<ReadMessages, "epoch" | "counter">,
  messageIds: readonly string[],
  flow: Publishing,
): Promise<Failure[]> {
  const { shard } = read.epoch;
  const failures: Failure[] = [];
  const until = performance.now() + STANDSTILL_MS;
  for (let open = [...messageIds]; open.length > 0; ) {
    const held = [...(await flow.store.unpublished(read, open))];
    if (held.length === 0) break;
    if (performance.now() > until) throw new RetriableError(`Outbox ${shard} stands still.`);
    const { publishedCount, stuck } = await drainShared(shard, flow);
    open = held.filter((messageId) => !stuck.has(messageId));
    const given = held.filter((messageId) => stuck.has(messageId));
    failures.push(...given.map((messageId) => ({ messageId, error: stuck.get(messageId) })));
    if (publishedCount === 0) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return failures;
}

async function drain(entry: OutboxEntry, epoch: Epoch, flow: Publishing): Promise<void> {
  if (!("fault" in entry)) return publishEntry(await toEntry(entry, epoch, flow), flow);
  const { entryId, bytes, fault } = entry;
  const reason = `Outbox entry ${entryId} of shard ${epoch.shard} cannot be read: ${fault}`;
  const topic = topics.messageJournal.name;
  await setAside({ topic, key: Buffer.from(entryId), bytes, stage: "read", reason }, flow);
  await flow.store.ack(epoch, entryId, []);
}

type ReadableEntry = Exclude<OutboxEntry, { fault: string }>;

/**
 * The journal's record is not kept in the outbox: it is the stored state. If that has moved on, the
 * newer one takes its place: its story holds everything that was decided before.
 */
async function toEntry(
  { entryId, messages }: ReadableEntry,
  epoch: Epoch,
  flow: Publishing,
): Promise<Entry> {
  const messageIds = messages.map(({ messageId }) => messageId);
  const current = await flow.store.read(epoch.shard, messageIds);
  const states = new Map(current.messages.map((stored) => [stored.messageId, stored]));
  const filled = messages.map(async ({ messageId, version, outbox }) => {
    const stored = states.get(messageId) ?? { messageId, version, state: null };
    const told = await readTold({ messageId, outbox }, flow);
    const records = [...told, ...(await journalAgain([stored], current, flow))];
    return { messageId, version: stored.version, records };
  });
  return { epoch, entryId, messages: await Promise.all(filled) };
}

/** What a message's part of an entry holds; nothing where nobody can read it. */
async function readTold(
  { messageId, outbox }: { messageId: string; outbox: Buffer },
  flow: Publishing,
): Promise<OutgoingRecord[]> {
  try {
    return decodeOutbox(outbox);
  } catch (error) {
    const reason = `What the outbox holds of the message cannot be read: ${String(error)}`;
    const place = { topic: topics.messageJournal.name, key: Buffer.from(messageId) };
    await setAside({ ...place, bytes: outbox, stage: "read", reason }, flow);
    return [];
  }
}
