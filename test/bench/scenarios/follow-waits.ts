// Waits as somebody outside sees them end: the decision in the journal, then the next step's command.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kafka } from "kafkajs";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { decodeOwn } from "#test/support/decode-own.ts";

const LIMIT_MS = 60_000;
const COMMANDS = dispatchTopic("sms");

export type EndedWaits = {
  /** From the end of each wait to its decision, ms. */
  decided: readonly number[];
  /** From there to the next command on Kafka, ms, by the broker's clock. */
  commanded: readonly number[];
};

/** Reads both topics from now on; of messages in `ids` only. */
export async function followWaits(kafka: Kafka, ids: ReadonlySet<string>) {
  const groupId = `bench-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  const decided: number[] = [];
  const dueAt = new Map<string, number>();
  const commandedAt = new Map<string, number>();
  await consumer.connect();
  await consumer.subscribe({ topics: [topics.messageJournal.name, COMMANDS] });
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve());
  });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { key, value, timestamp } of batch.messages) {
        const id = String(key);
        if (!value || !ids.has(id)) continue;
        if (batch.topic === COMMANDS) {
          commandedAt.set(id, Number(timestamp));
          continue;
        }
        for (const wait of waitsOf(value)) {
          decided.push(wait.at - wait.dueAt);
          dueAt.set(id, wait.dueAt);
        }
      }
    },
  });
  await joined;
  return {
    async ended(count: number): Promise<EndedWaits> {
      const deadline = Date.now() + LIMIT_MS;
      while (dueAt.size < count || commandedAt.size < count) {
        if (Date.now() > deadline) throw new Error(`${dueAt.size} of ${count} waits have ended.`);
        await sleep(100);
      }
      const commanded = [...commandedAt].map(([id, at]) => at - (dueAt.get(id) ?? at));
      return { decided, commanded };
    },
    [Symbol.asyncDispose]: () => consumer.disconnect(),
  };
}

/** The waits that ended in an entry's own transition. */
function waitsOf(entry: Buffer): { at: number; dueAt: number }[] {
  const { story, newEventCount } = decodeOwn("journal-entry", entry);
  return story
    .slice(-newEventCount)
    .filter(({ rule }) => rule === "wait-ended")
    .map(({ at, dueAt }) => ({ at, dueAt: dueAt ?? at }));
}
