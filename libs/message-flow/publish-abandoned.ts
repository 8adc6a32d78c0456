// Publishing an entry of the outbox by another process than the one that wrote it.
import { topics } from "#libs/contracts/topics.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { OutboxEntry } from "#libs/flow-store/ports.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { decodeOutbox } from "./outbox.ts";
import { type Entry, journalAgain, type Publishing, publishEntry } from "./publish-entry.ts";
import { setAside } from "./set-aside.ts";

/** Publishes it and takes it from the outbox; what nobody can read of it becomes a dead letter. Throws RetriableError. */
export async function publishAbandoned(
  entry: OutboxEntry,
  epoch: Epoch,
  flow: Publishing,
): Promise<void> {
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
