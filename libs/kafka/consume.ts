// The consumer loop: whole batches, offsets committed only after all that the records caused is
// acknowledged, poison set aside, faults waited out. Everything here may be delivered again.
import type { EachBatchPayload } from "kafkajs";
import type { Log } from "#libs/telemetry/log.ts";
import { handleBatch } from "./handle-batch.ts";
import { type KafkaConfig, kafkajsClient } from "./kafkajs-client.ts";
import { watchLag } from "./lag-watch.ts";
import type { Consumer, Producer, Subscription } from "./ports.ts";

/** A dead member's partitions wait this long; a stall of the event loop is never that long. */
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_INTERVAL_MS = 1_000;
/** Covers the longest handling of a chunk of records before partitions are dealt out anew. */
const REBALANCE_TIMEOUT_MS = 30_000;
/** A fetch returns at once when there is a record; this bounds stops and rebalances. */
const MAX_WAIT_MS = 250;
const MAX_BYTES_PER_PARTITION = 1024 * 1024;
/** All partitions of a member at once, so that one slow partition holds up no other. */
const PARTITION_COUNT_MAX = 64;

export type ConsumeOptions = {
  kafka: KafkaConfig;
  groupId: string;
  subscriptions: Subscription<unknown>[];
  /** Takes what cannot be handled. */
  deadLetters: Producer;
  log: Log;
  /** Awaited before the first record after every assignment of partitions. */
  onAssigned?: () => Promise<void>;
  /** The consumer cannot go on, nothing of the failed records is committed: end the process. */
  onFatal: (error: unknown) => void;
};

/**
 * Joins the group and handles records until disposed; a new group starts at the oldest record.
 * Disposal lets the records in hand end and commits them.
 */
export async function consume(options: ConsumeOptions): Promise<Consumer> {
  const { kafka, groupId, subscriptions, onFatal } = options;
  const consumer = kafkajsClient(kafka).consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_INTERVAL_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: MAX_WAIT_MS,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    allowAutoTopicCreation: false,
  });
  let consuming = false;
  const assignment = onceEach(options.onAssigned);
  consumer.on(consumer.events.GROUP_JOIN, () => {
    assignment.renew();
    consuming = true;
  });
  consumer.on(consumer.events.STOP, () => (consuming = false));
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    consuming = false;
    if (!payload.restart) onFatal(payload.error);
  });
  await consumer.connect();
  await consumer.subscribe({
    topics: subscriptions.map(({ topic }) => topic),
    fromBeginning: true,
  });
  const watch = await watchLag(options);
  const handling = { ...options, whenAssigned: assignment.wait, onProgress: watch.onProgress };
  const byTopic = new Map(subscriptions.map((subscription) => [subscription.topic, subscription]));
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: PARTITION_COUNT_MAX,
    eachBatch: async (payload: EachBatchPayload) => {
      const subscription = byTopic.get(payload.batch.topic);
      if (subscription) await handleBatch(payload, subscription, handling);
    },
  });
  return {
    isConsuming: () => consuming,
    async [Symbol.asyncDispose]() {
      await watch[Symbol.asyncDispose]();
      await consumer.disconnect();
    },
  };
}

/** Runs `work` once after each `renew`; a failed run is tried again by the next that waits. */
function onceEach(work: (() => Promise<void>) | undefined) {
  let done: Promise<void> | undefined;
  return {
    renew: () => {
      done = undefined;
    },
    wait: async () => {
      done ??= work?.() ?? Promise.resolve();
      const current = done;
      try {
        await current;
      } catch (error) {
        if (done === current) done = undefined;
        throw error;
      }
    },
  };
}
