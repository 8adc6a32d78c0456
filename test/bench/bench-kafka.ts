// What the measurements need of Kafka, with kafkajs as it is: ends of topics, raw production.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Admin as GroupAdmin } from "@platformatic/kafka";
import type { Admin } from "kafkajs";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes, topics } from "#libs/contracts/topics.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const SEND_COUNT = 500;
const POLL_MS = 20;
/** What the longest measurement takes many times over. */
const LIMIT_MS = 300_000;
/** A wait that no run sees the end of. */
export const LONG_WAIT_SECONDS = 2 * 24 * 3_600;

/** How many records have ever been appended to the topics. */
export async function recordCount(admin: Admin, names: readonly string[]): Promise<number> {
  const ends = await Promise.all(names.map((name) => admin.fetchTopicOffsets(name)));
  return ends.flat().reduce((sum, { high }) => sum + Number(high), 0);
}

/** Resolves once the topics hold `count` records. Rejects where nothing of that comes about. */
export async function untilCount(
  admin: Admin,
  names: readonly string[],
  count: number,
): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await recordCount(admin, names);
    if (found >= count) return;
    if (Date.now() > deadline) throw new Error(`${names.join()}: ${found} of ${count} records.`);
    await sleep(POLL_MS);
  }
}

/** The simulated carriers say "read" by every channel. */
const READER = { msisdn: "+6591230000", country: null, channelUserIds: {} };

/** A request of two steps: WhatsApp until read, then SMS. */
export function requestRecord(contracts: Contracts, waitSeconds: number) {
  const messageId = randomUUID();
  const step = { sender: null, onFailure: "NEXT", ttlSeconds: null, ...nothingOwn } as const;
  const value = contracts.sendRequest.encode(
    storedRequest({
      messageId,
      recipient: READER,
      requestedAt: Date.now(),
      steps: [
        { ...step, channel: "whatsapp", wanted: "READ", waitSeconds },
        { ...step, channel: "sms", wanted: "DELIVERED", waitSeconds: null },
      ],
    }),
  );
  return { topic: topics.sendRequests.name, key: messageId, value };
}

type Requests = { count: number; topic: string; waitSeconds: number };

/** Produces requests as fast as it goes. */
export async function produceRequests(
  { producer, contracts }: { producer: Producer; contracts: Contracts },
  { count, topic, waitSeconds }: Requests,
): Promise<void> {
  for (let done = 0; done < count; done += SEND_COUNT) {
    const length = Math.min(SEND_COUNT, count - done);
    const records = Array.from({ length }, () => requestRecord(contracts, waitSeconds));
    await producer.publish(records.map((record) => ({ ...record, topic })));
  }
}

/** Creates topics for one measurement; the caller's names are its own. */
export async function createPlainTopics(brokers: string[], names: readonly string[]) {
  // By the broker's clock, as on our topics.
  const config = { "message.timestamp.type": "LogAppendTime" };
  const plain = { partitions: defaultTopicSizes.partitionCount, replicationFactor: 1, config };
  await createTopics(
    { brokers },
    names.map((name) => ({ name, ...plain })),
  );
}

/** What timers go through begins, where it starts next, with what comes from now on. */
export function passOverTimers(bench: Place): Promise<void> {
  const { sendRequests, timerTicks, messageJournal } = topics;
  return passOver(bench, {
    "send-request-consumer": sendRequests.name,
    "timer-tick-consumer": timerTicks.name,
    "delay-scheduler": messageJournal.name,
  });
}

type Place = { admin: Admin; infrastructure: Pick<Infrastructure, "kafkaBrokers"> };

/** Consumers of ours that start next, by their groups, begin with what comes from now on to the topic of each. */
export async function passOver(
  { admin, infrastructure: { kafkaBrokers } }: Place,
  topicOf: Readonly<Record<string, string>>,
): Promise<void> {
  // kafkajs joins the group for that, which takes seconds.
  const groups = new GroupAdmin({ clientId: "bench", bootstrapBrokers: kafkaBrokers });
  try {
    for (const [groupId, name] of Object.entries(topicOf)) {
      const ends = await admin.fetchTopicOffsets(name);
      const partitionOffsets = ends.map(({ partition, high }) => {
        return { partition, offset: BigInt(high) };
      });
      const set = { groupId, topics: [{ name, partitionOffsets }] };
      await groups.alterConsumerGroupOffsets(set);
    }
  } finally {
    await groups.close();
  }
}
