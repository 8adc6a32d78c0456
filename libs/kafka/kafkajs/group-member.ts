// A consumer as a member of its group: its pace, and what becomes of it.
import type { Consumer, ConsumerEndBatchProcessEvent } from "kafkajs";
import {
  FETCH_WAIT_MS,
  HEARTBEAT_INTERVAL_MS,
  PARTITION_BYTES_MAX,
  REBALANCE_TIMEOUT_MS,
  SESSION_TIMEOUT_MS,
  UNHURRIED_BYTES_MIN,
} from "../group-pace.ts";
import type { Place, ReaderOptions } from "../reader.ts";
import { kafkajsClient } from "./kafkajs-client.ts";

/** A consumer that is not connected yet. Once `stopping` is aborted it never starts anew. */
export function createMember({ kafka, groupId, stopping, isUnhurried }: ReaderOptions): Consumer {
  return kafkajsClient(kafka).consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_INTERVAL_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    minBytes: isUnhurried ? UNHURRIED_BYTES_MIN : 1,
    maxBytesPerPartition: PARTITION_BYTES_MAX,
    allowAutoTopicCreation: false,
    // kafkajs starts a consumer anew after a crash that may pass, even one that is being stopped.
    retry: { restartOnFailure: () => Promise.resolve(!stopping.aborted) },
  });
}

/** Tells whether the member has a place in its group. `onCrash` hears of an end that is for good. */
export function followLife(consumer: Consumer, onCrash: (error: unknown) => void): () => boolean {
  const { GROUP_JOIN, STOP, CRASH } = consumer.events;
  let consuming = false;
  consumer.on(GROUP_JOIN, () => {
    consuming = true;
  });
  consumer.on(STOP, () => {
    consuming = false;
  });
  consumer.on(CRASH, ({ payload }) => {
    if (!payload.restart) onCrash(payload.error);
  });
  return () => consuming;
}

/**
 * Aborted transactions and markers alone reach no handler, yet would be lag for ever: they are passed, but where
 * `isHeld` says that a record before them waits. They come again with it.
 */
export function passMarkers(consumer: Consumer, isHeld: (place: Place) => boolean): void {
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    if (payload.batchSize === 0 && !isHeld(payload)) void commitMarkers(consumer, payload);
  });
}

async function commitMarkers(
  consumer: Consumer,
  { topic, partition, lastOffset }: ConsumerEndBatchProcessEvent["payload"],
): Promise<void> {
  const offset = (BigInt(lastOffset) + 1n).toString();
  try {
    await consumer.commitOffsets([{ topic, partition, offset }]);
  } catch {
    // The next commit of the partition passes them as well.
  }
}
