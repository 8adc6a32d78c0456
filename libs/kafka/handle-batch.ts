// One batch of one partition: cut into chunks, each decoded, handled and committed before the next.
import { setTimeout as sleep } from "node:timers/promises";
import type { EachBatchPayload, KafkaMessage } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { backOffs } from "./back-off.ts";
import { isRebalance } from "./faults.ts";
import { handledCount, handleSeconds } from "./metrics.ts";
import type { Producer, Subscription } from "./ports.ts";
import { readRecords } from "./read-records.ts";

/** The bound that `Subscription.handle` is promised. */
const CHUNK_COUNT_MAX = 512;
/** How often the broker is told that a long handling is alive, ms. */
const BEAT_INTERVAL_MS = 500;

export type Handling = {
  groupId: string;
  deadLetters: Producer;
  log: Log;
  whenAssigned: () => Promise<void>;
  onProgress: () => void;
  onFatal: (error: unknown) => void;
};

/**
 * Handles a batch. A RetriableError pauses the partition, while others go on, and the same records
 * come again after a back-off; any other error is fatal and commits nothing.
 */
export async function handleBatch<T>(
  payload: EachBatchPayload,
  subscription: Subscription<T>,
  handling: Handling,
): Promise<void> {
  const { batch, isRunning, isStale } = payload;
  const waits = backOffs(handling.groupId, batch);
  try {
    await handling.whenAssigned();
    for (let from = 0; from < batch.messages.length; from += CHUNK_COUNT_MAX) {
      if (!isRunning() || isStale()) return;
      const chunk = batch.messages.slice(from, from + CHUNK_COUNT_MAX);
      await whileBeating(payload, () => handleChunk(chunk, payload, subscription, handling));
      waits.reset();
      handling.onProgress();
    }
    // Also past what a batch holds besides records (markers of transactions), or it comes again.
    await commit(payload, batch.lastOffset());
  } catch (error) {
    const resume = payload.pause();
    if (!(error instanceof RetriableError)) return handling.onFatal(error);
    const waitMs = waits.next();
    handling.log.warn(
      { err: error, topic: batch.topic, partition: batch.partition, waitMs },
      "partition waits",
    );
    handling.onProgress();
    setTimeout(resume, waitMs).unref();
  }
}

async function handleChunk<T>(
  chunk: readonly KafkaMessage[],
  payload: EachBatchPayload,
  subscription: Subscription<T>,
  handling: Handling,
): Promise<void> {
  const { topic } = payload.batch;
  const labels = { group: handling.groupId, topic };
  const stopTimer = handleSeconds.startTimer(labels);
  const records = await readRecords(chunk, payload.batch, subscription.codec, handling);
  if (records.length > 0) await subscription.handle(records);
  stopTimer();
  handledCount.inc(labels, chunk.length);
  const last = chunk.at(-1);
  if (last) await commit(payload, last.offset);
}

/** Commits `offset` as done: Kafka is told the next one. A group that moved on delivers it again. */
async function commit({ batch, ...payload }: EachBatchPayload, offset: string): Promise<void> {
  payload.resolveOffset(offset);
  const next = (BigInt(offset) + 1n).toString();
  const partitions = [{ partition: batch.partition, offset: next }];
  try {
    await payload.commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions }] });
  } catch (error) {
    if (!isRebalance(error))
      throw new RetriableError("Offsets are not committed", { cause: error });
  }
}

/** Keeps the member alive while `work` waits, for example for a dependency that is slow. */
async function whileBeating(payload: EachBatchPayload, work: () => Promise<void>): Promise<void> {
  const done = new AbortController();
  const beating = beat(payload, done.signal);
  try {
    await work();
  } finally {
    done.abort();
    await beating;
  }
}

async function beat({ heartbeat }: EachBatchPayload, done: AbortSignal): Promise<void> {
  try {
    while (!done.aborted) {
      await sleep(BEAT_INTERVAL_MS, undefined, { signal: done });
      await heartbeat();
    }
  } catch {
    // Either the work is done, or the group moves on: then the next fetch joins it anew.
  }
}
