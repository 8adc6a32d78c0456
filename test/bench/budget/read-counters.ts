// What is read before and after a load beside CPU: Redis' counters, how far each topic is.
import { Admin as LogAdmin } from "@platformatic/kafka";
import { Redis } from "ioredis";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import { channels, dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { openSpanReader, type Span } from "#libs/kafka/span-reader.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { outsideClient } from "#test/support/outside-client.ts";
import { sum } from "./costs.ts";
import { parseRedisInfo, type RedisCounters } from "./redis-counters.ts";

const TOPICS = [
  topics.sendRequests.name,
  topics.statusReports.name,
  topics.timerTicks.name,
  topics.messageJournal.name,
  topics.messageOutcomes.name,
  ...channels.map(dispatchTopic),
];
/** Records of each partition whose sizes stand for all: those of a load are alike. */
const SAMPLE_COUNT = 100;

/** A topic so far: records ever appended, and what it takes on the brokers' disks. */
type TopicState = { recordCount: number; storedBytes: number };

export type Counters = {
  redis: RedisCounters;
  topics: Readonly<Record<string, TopicState>>;
};

export async function readCounters({ kafkaBrokers, redisUrl }: Infrastructure): Promise<Counters> {
  return { redis: await readRedis(redisUrl), topics: await readTopics(kafkaBrokers) };
}

async function readRedis(url: string): Promise<RedisCounters> {
  const client = new Redis(url);
  const info = await client.info("commandstats", "stats");
  client.disconnect();
  return parseRedisInfo(info);
}

async function readTopics(bootstrapBrokers: string[]): Promise<Record<string, TopicState>> {
  const admin = outsideClient(bootstrapBrokers).admin();
  await admin.connect();
  // What is on the brokers' disks kafkajs cannot ask for.
  const logs = new LogAdmin({ clientId: "bench", bootstrapBrokers });
  try {
    const states = TOPICS.map(async (name) => {
      const ends = await admin.fetchTopicOffsets(name);
      const partitions = ends.map(({ partition }) => partition);
      const described = await logs.describeLogDirs({ topics: [{ name, partitions }] });
      const sizes = described
        .flatMap(({ results }) => results)
        .flatMap((result) => result.topics)
        .flatMap((topic) => topic.partitions)
        .map(({ partitionSize }) => Number(partitionSize));
      const recordCount = sum(ends.map(({ high }) => Number(high)));
      return [name, { recordCount, storedBytes: sum(sizes) }] as const;
    });
    return Object.fromEntries(await Promise.all(states));
  } finally {
    await logs.close();
    await admin.disconnect();
  }
}

export type RecordSizes = { recordBytes: number; valueBytes: number };

/** What the newest records of a topic have on average, before compression. */
export async function readRecordSizes(brokers: string[], topic: string): Promise<RecordSizes> {
  const log = createLog("bench", "error");
  await using reader = await openSpanReader({ brokers, log }, topic);
  const newest = (await reader.spansSince(0)).map(({ partition, from, end }): Span => {
    return { partition, from: Math.max(from, end - SAMPLE_COUNT), end };
  });
  const sizes: RecordSizes[] = [];
  await reader.read(newest, async (records) => {
    for (const { key, value, headers } of records) {
      const valueBytes = value?.length ?? 0;
      const named = Object.entries(headers).flat();
      const recordBytes = sum([key, ...named].map((text) => Buffer.byteLength(text))) + valueBytes;
      sizes.push({ recordBytes, valueBytes });
    }
  });
  return {
    recordBytes: mean(sizes.map(({ recordBytes }) => recordBytes)),
    valueBytes: mean(sizes.map(({ valueBytes }) => valueBytes)),
  };
}

/** 0 of none. */
function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
