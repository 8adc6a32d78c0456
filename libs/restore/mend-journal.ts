// Keeps the journal's end true: it is compacted, and read when Redis has lost something, so it must end
// with the newest state of each message, whoever was paused or killed. Nothing is remembered but where
// each partition stands.
import type { Codec } from "#libs/contracts/codec.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import { epochName } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import type { IncomingRecord, Subscription } from "#libs/kafka/ports.ts";
import { journalAgain, type Publishing } from "#libs/message-flow/publish-entry.ts";
import { type EntryOrder, orderOf } from "./entry-order.ts";
import { lateEntries, type SeenEntry } from "./late-entries.ts";
import { mendedCount } from "./metrics.ts";

/** Only bytes are compared: nobody has to decode the whole journal once more. */
const asBytes: Codec<Buffer> = {
  subject: `${topics.messageJournal.name}-value`,
  encode: (bytes) => bytes,
  read: async (values) => values.map((value) => ({ value, faults: [] })),
};

/**
 * Reads the journal and publishes the stored state of a message again whose record is late and another
 * one. Such a record is looked at before its offset is committed, so a restart misses none.
 */
export function journalMender(flow: Publishing): Subscription<Buffer> {
  const reached = new Map<number, { next: number; highest: EntryOrder }>();
  return {
    topic: topics.messageJournal.name,
    codec: asBytes,
    async handle(records) {
      const [first, last] = [records[0], records.at(-1)];
      if (!first || !last) return;
      const { partition } = first;
      const known = reached.get(partition);
      // Behind a gap another member may have read: what it saw there is not known here.
      const isNext = known?.next === Number(first.offset);
      const before = isNext ? known.highest : await storedOrder(partition, flow.store);
      const found = lateEntries(records.flatMap(toSeen), before);
      for (const [shard, late] of Map.groupBy(found.late, (one) =>
        flow.store.shardOf(one.messageId),
      )) {
        await mend(shard, late, flow);
      }
      reached.set(partition, { next: Number(last.offset) + 1, highest: found.highest });
    },
  };
}

/**
 * What a new reader takes for the highest: all that was committed so far may have been published. A closed shard says
 * nothing of that yet: throws RetriableError, of the whole chunk, all of whose records are of this shard.
 */
async function storedOrder(partition: number, store: FlowStore): Promise<EntryOrder> {
  const shard = (await store.inspect())[partition];
  if (shard && !shard.isOpen) {
    throw new RetriableError(`Shard ${partition} is closed, so nobody knows what is late there.`);
  }
  return { epoch: shard ? epochName(shard.epoch) : "", counter: shard?.counter ?? 0, version: 0 };
}

function toSeen({ key, value, headers }: IncomingRecord<Buffer>): SeenEntry[] {
  if (key === null) return [];
  return [{ messageId: key, order: orderOf((name) => headers[name], 0), bytes: value }];
}

async function mend(shard: number, late: readonly SeenEntry[], flow: Publishing): Promise<void> {
  const messageIds = late.map(({ messageId }) => messageId);
  const { messages, ...place } = await flow.store.read(shard, messageIds);
  const other = messages.filter(({ state }, index) => {
    const bytes = late[index]?.bytes;
    return state !== null && bytes !== undefined && !state.equals(bytes);
  });
  if (other.length === 0) return;
  const records = await journalAgain(other, place, flow);
  await flow.producer.publish(records);
  mendedCount.inc(records.length);
}
