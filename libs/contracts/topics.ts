// The one list of topics: what each holds, how it is split and how long it is kept. Nobody else
// writes a topic's name; `migrate` creates them all, and the broker never creates one by itself.

import { RECORD_BYTES_MAX, REQUEST_BYTES_MAX } from "./limits.ts";

const TEN_MINUTES_MS = 600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const channels = ["whatsapp", "viber", "rcs", "sms"] as const;
export type Channel = (typeof channels)[number];

/** How a deployment splits and copies its topics. */
export type TopicSizes = {
  /** Partitions of every topic that is split by its key. */
  partitionCount: number;
  /** Shards of the flow store, fixed for a Redis: each has its own journal partition. More take a new Redis. */
  shardCount: number;
  replicationFactor: number;
};

// 12 divides evenly among 1, 2, 3, 4, 6 or 12 consumers; 16 shards keep one Redis core busy.
export const defaultTopicSizes: TopicSizes = {
  partitionCount: 12,
  shardCount: 16,
  replicationFactor: 1,
};

type Split = "by key" | "by shard" | "none";
type Topic = {
  readonly name: string;
  /** File under `schemas/`, without its extension; the dead-letter topics have raw bytes. */
  readonly schema: string;
  readonly split: Split;
  readonly config: Readonly<Record<string, string>>;
};

/** What the broker is asked for when a topic is created. */
export type TopicDefinition = {
  name: string;
  partitions: number;
  replicationFactor: number;
  /** More partitions may be added: no key decides which one a record is on. */
  mayGrow: boolean;
  config: Readonly<Record<string, string>>;
};

// The broker turns what others compress with snappy or lz4, which our client cannot read, into zstd;
// what is zstd already, it stores as it comes.
const readable = { "compression.type": "zstd" };

// Retention counts from when the broker took a record. By a sender's clock, one that stood at 1970 had
// its requests, accepted as they were, deleted within minutes; one ahead of time was refused.
const byBrokersClock = { "message.timestamp.type": "LogAppendTime" };

// What is made of a record is larger than the record: a command and a journal entry hold a request
// and more, a dead letter has its reason. Brokers take 1 MiB of each record that comes in.
const roomier = { "max.message.bytes": String(RECORD_BYTES_MAX) };

// A week: a fault that starts on a Friday is mended before anything is lost, and a consumer can
// be set back. A replay sends nothing, because requests are stale after 24 h and commands end.
const keptForAWeek = {
  "cleanup.policy": "delete",
  "retention.ms": String(7 * DAY_MS),
  ...readable,
};

const commands = { ...keptForAWeek, ...roomier };

// A tick that gets lost fires again from the sorted set, so old ones are worth nothing.
const keptForADay = { "cleanup.policy": "delete", "retention.ms": String(DAY_MS), ...readable };

// Two weeks: dead letters wait for a person.
const keptForTwoWeeks = {
  "cleanup.policy": "delete",
  "retention.ms": String(14 * DAY_MS),
  ...roomier,
};

// Longer than any dead letter: two weeks, and the week in which Kafka may not have closed its segment. Not
// compacted, because the first mark after another one counts.
const keptForThirtyDays = {
  "cleanup.policy": "delete",
  "retention.ms": String(30 * DAY_MS),
  ...readable,
};

// The newest entry of each message restores Redis, so compaction keeps it; 45 days outlive the
// longest schedule (30 days), and no open message stands still for longer (a wait is 3 days at
// most). Small segments, compacted within the hour, keep a restore short: only a segment that is
// closed is compacted. A request that reached a broker late may have put an older entry behind the newest: for as
// long as the lag both are there, for a restore, and until the journal's reader has published the newest again.
const compactedThenDeleted = {
  "cleanup.policy": "compact,delete",
  "retention.ms": String(45 * DAY_MS),
  "segment.ms": String(HOUR_MS),
  "segment.bytes": String(64 * 1024 * 1024),
  "min.cleanable.dirty.ratio": "0.2",
  "min.compaction.lag.ms": String(TEN_MINUTES_MS),
  "max.compaction.lag.ms": String(HOUR_MS),
  ...roomier,
};

// Settings are kept for ever. The topic is small and read whole at every start.
const compacted = { "cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.1" };

/** Every topic but the dead letters'. The key is messageId unless the schema's doc says otherwise. */
export const topics = {
  sendRequests: topic("send-requests", "send-request", keptForAWeek),
  cancelRequests: topic("cancel-requests", "cancel-request", keptForAWeek),
  statusReports: topic("status-reports", "status-report", keptForAWeek),
  timerTicks: topic("timer-ticks", "timer-tick", keptForADay),
  dispatchWhatsapp: topic(dispatchTopic("whatsapp"), "dispatch-command", commands),
  dispatchViber: topic(dispatchTopic("viber"), "dispatch-command", commands),
  dispatchRcs: topic(dispatchTopic("rcs"), "dispatch-command", commands),
  dispatchSms: topic(dispatchTopic("sms"), "dispatch-command", commands),
  messageOutcomes: topic("message-outcomes", "message-outcome", keptForAWeek),
  messageJournal: topic("message-journal", "journal-entry", compactedThenDeleted, "by shard"),
  settings: topic("settings", "setting", compacted, "none"),
  deadLetterMarks: topic("dead-letter-marks", "dead-letter-mark", keptForThirtyDays, "none"),
} as const;

/** By topic, of those that say it: it is asked of every record. */
const OWN_BYTES_MAX: ReadonlyMap<string, number> = new Map(
  Object.values<Topic>(topics).flatMap(({ name, config }) => {
    const bytes = config["max.message.bytes"];
    return bytes === undefined ? [] : [[name, Number(bytes)] as const];
  }),
);

/** The name of the topic of a channel's dispatch commands. */
export function dispatchTopic(channel: string): string {
  return `dispatch-${channel}`;
}

/** The largest record that a topic takes, bytes. A topic that says nothing takes what brokers take. */
export function recordBytesMax(topicName: string): number {
  return OWN_BYTES_MAX.get(topicName) ?? REQUEST_BYTES_MAX;
}

/** The name of the topic that takes what cannot be handled of `topicName`: raw bytes and reasons. */
export function deadLetterTopic(topicName: string): string {
  return `${topicName}-dlt`;
}

/** The registry's subject of a topic's values. */
export function subjectOf(topicName: string): string {
  return `${topicName}-value`;
}

/** All topics as the broker is to create them, each followed by its dead-letter topic. */
export function topicDefinitions(sizes: TopicSizes): TopicDefinition[] {
  return Object.values(topics).flatMap((each) => [
    {
      ...define(each.name, partitionsOf(each.split, sizes), { sizes, config: each.config }),
      mayGrow: each.split === "by shard",
    },
    define(deadLetterTopic(each.name), 1, { sizes, config: keptForTwoWeeks }),
  ]);
}

type Definition = { sizes: TopicSizes; config: Readonly<Record<string, string>> };

function define(name: string, partitions: number, { sizes, config }: Definition): TopicDefinition {
  const { replicationFactor } = sizes;
  // Acks of all in-sync replicas promise nothing if one replica may be "all"; one may be missing.
  const inSyncMin = String(Math.max(1, replicationFactor - 1));
  return {
    name,
    partitions,
    replicationFactor,
    mayGrow: false,
    config: { ...config, ...byBrokersClock, "min.insync.replicas": inSyncMin },
  };
}

function partitionsOf(split: Split, { partitionCount, shardCount }: TopicSizes): number {
  switch (split) {
    case "by key":
      return partitionCount;
    case "by shard":
      return shardCount;
    case "none":
      return 1;
  }
}

function topic<const Name extends string, const Schema extends string>(
  name: Name,
  schema: Schema,
  config: Readonly<Record<string, string>>,
  split: Split = "by key",
) {
  return { name, schema, split, config } satisfies Topic;
}
