// What the measurements need of Kafka, with kafkajs as it is: ends of topics, raw production.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes, topics } from "#libs/contracts/topics.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const SEND_COUNT = 500;
const POLL_MS = 20;

/** How many records have ever been appended to the topics. */
export async function recordCount(admin: Admin, names: readonly string[]): Promise<number> {
  const ends = await Promise.all(names.map((name) => admin.fetchTopicOffsets(name)));
  return ends.flat().reduce((sum, { high }) => sum + Number(high), 0);
}

/** Resolves once the topics hold `count` records. Rejects after `limitMs`. */
export async function untilCount(
  admin: Admin,
  names: readonly string[],
  { count, limitMs }: { count: number; limitMs: number },
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while ((await recordCount(admin, names)) < count) {
    if (Date.now() > deadline) throw new Error(`${names.join()} do not reach ${count} records.`);
    await sleep(POLL_MS);
  }
}

/** A request of two steps: WhatsApp until read, then SMS. */
export function requestRecord(contracts: Contracts, waitSeconds: number) {
  const messageId = randomUUID();
  const step = { sender: null, onFailure: "NEXT", ttlSeconds: null, ...nothingOwn } as const;
  const value = contracts.sendRequest.encode(
    storedRequest({
      messageId,
      requestedAt: Date.now(),
      steps: [
        { ...step, channel: "whatsapp", wanted: "READ", waitSeconds },
        { ...step, channel: "sms", wanted: "DELIVERED", waitSeconds: null },
      ],
    }),
  );
  return { topic: topics.sendRequests.name, key: messageId, value };
}

/** Produces requests as fast as it goes. */
export async function produceRequests(
  { producer, contracts }: { producer: Producer; contracts: Contracts },
  { count, topic }: { count: number; topic: string },
): Promise<void> {
  for (let done = 0; done < count; done += SEND_COUNT) {
    const length = Math.min(SEND_COUNT, count - done);
    const records = Array.from({ length }, () => requestRecord(contracts, 3_600));
    await producer.publish(records.map((record) => ({ ...record, topic })));
  }
}

/** Creates topics for one measurement; the caller's names are its own. */
export async function createPlainTopics(brokers: string[], names: readonly string[]) {
  const plain = { partitions: defaultTopicSizes.partitionCount, replicationFactor: 1, config: {} };
  await createTopics(
    { brokers },
    names.map((name) => ({ name, ...plain })),
  );
}
