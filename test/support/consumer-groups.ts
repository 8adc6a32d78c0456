// The product's consumer groups, seen from the broker: how far they are, and set back to the start.
import type { Kafka } from "kafkajs";
import { vi } from "vitest";
import { channels, dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { outsideClient } from "#test/support/outside-client.ts";

/** Group -> what it consumes. */
const GROUPS: Readonly<Record<string, string[]>> = {
  "send-request-consumer": [topics.sendRequests.name, topics.cancelRequests.name],
  "status-report-consumer": [topics.statusReports.name],
  "timer-tick-consumer": [topics.timerTicks.name],
  ...Object.fromEntries(
    channels.map((channel) => [`channel-dispatcher-${channel}`, [dispatchTopic(channel)]]),
  ),
};

/** They follow what is told, and are set back by nobody. */
const LISTENERS = { "webhook-notifier": [topics.messageJournal.name] };

/** A replay makes dispatchers report again: the groups are done when all are, twice in a row. */
const ROUND_COUNT = 2;

/** Forgets every offset, so that all topics are delivered again from the first record on. */
export function setBackAllGroups(brokers: string[]): Promise<void> {
  return withAdmin(brokers, async (admin) => void (await admin.deleteGroups(Object.keys(GROUPS))));
}

/** Resolves once no group that decides has a record waiting. Rejects after `timeoutMs`. */
export function untilCaughtUp(brokers: string[], timeoutMs = 60_000): Promise<void> {
  return untilRead(brokers, GROUPS, timeoutMs);
}

/** The same, and nobody who listens to what is told is behind. */
export function untilAllCaughtUp(brokers: string[], timeoutMs: number): Promise<void> {
  return untilRead(brokers, { ...GROUPS, ...LISTENERS }, timeoutMs);
}

function untilRead(brokers: string[], groups: typeof GROUPS, timeoutMs: number): Promise<void> {
  return withAdmin(brokers, async (admin) => {
    for (let round = 0; round < ROUND_COUNT; round++) {
      const check = async () => {
        const waiting = await lagOf(admin, groups);
        if (waiting.length > 0) throw new Error(`Waiting: ${waiting.join(", ")}`);
      };
      await vi.waitFor(check, { timeout: timeoutMs, interval: 250 });
    }
  });
}

type Admin = ReturnType<Kafka["admin"]>;

async function lagOf(admin: Admin, groups: typeof GROUPS): Promise<string[]> {
  const waiting: string[] = [];
  for (const [groupId, names] of Object.entries(groups)) {
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics: names })) {
      const ends = await admin.fetchTopicOffsets(topic);
      const highs = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
      for (const { partition, offset } of partitions) {
        // -1: nothing is committed.
        const lag = (highs.get(partition) ?? 0) - Math.max(0, Number(offset));
        if (lag > 0) waiting.push(`${groupId} ${topic}/${partition}: ${lag}`);
      }
    }
  }
  return waiting;
}

async function withAdmin<T>(brokers: string[], use: (admin: Admin) => Promise<T>): Promise<T> {
  const kafka = outsideClient(brokers);
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
