// One batch of one partition: cut into chunks, each decoded, handled and committed before the next.
import type { Batch, EachBatchPayload, KafkaMessage } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { Assignment } from "./assignment.ts";
import { backOffs } from "./back-off.ts";
import { bury } from "./dead-letters.ts";
import { isRebalance } from "./faults.ts";
import { whileBeating } from "./heartbeat.ts";
import { handledCount, handleSeconds } from "./metrics.ts";
import type { Producer, Subscription } from "./ports.ts";
import { readRecords } from "./read-records.ts";

/** The bound that `Subscription.handle` is promised. */
const CHUNK_COUNT_MAX = 512;

export type Handling = {
  groupId: string;
  deadLetters: Producer;
  log: Log;
  assignment: Assignment;
  onProgress: (topic: string, partition: number) => void;
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
  const { topic, partition } = payload.batch;
  const waits = backOffs(handling.groupId, { topic, partition });
  const { assignment } = handling;
  const assigned = assignment.partitions();
  try {
    await whileBeating(
      () => payload.heartbeat(),
      async (isRebalancing) => {
        await assignment.prepared();
        for (const { messages, lastOffset } of chunksOf(payload.batch)) {
          if (!payload.isRunning() || payload.isStale() || isRebalancing()) return;
          await handleChunk(messages, payload.batch, subscription, handling);
          if (assignment.partitions() !== assigned || !(await commit(payload, lastOffset))) return;
          waits.reset();
          handling.onProgress(topic, partition);
        }
      },
    );
  } catch (error) {
    // Nothing is resolved, so what is fetched after the pause begins with the same records.
    const resume = payload.pause();
    if (!(error instanceof RetriableError)) return handling.onFatal(error);
    const waitMs = waits.next();
    handling.log.warn({ err: error, topic, partition, waitMs }, "partition waits");
    handling.onProgress(topic, partition);
    setTimeout(resume, waitMs).unref();
  }
}

function* chunksOf(batch: Batch): Generator<{ messages: KafkaMessage[]; lastOffset: string }> {
  const count = batch.messages.length;
  for (let from = 0; from < count; from += CHUNK_COUNT_MAX) {
    const messages = batch.messages.slice(from, from + CHUNK_COUNT_MAX);
    // A batch can end with markers of transactions, which nobody sees but everybody must pass.
    const isLast = from + CHUNK_COUNT_MAX >= count;
    yield { messages, lastOffset: (!isLast && messages.at(-1)?.offset) || batch.lastOffset() };
  }
}

async function handleChunk<T>(
  messages: readonly KafkaMessage[],
  batch: Batch,
  subscription: Subscription<T>,
  handling: Handling,
): Promise<void> {
  const labels = { group: handling.groupId, topic: batch.topic };
  const stopTimer = handleSeconds.startTimer(labels);
  const { records, dead } = await readRecords(messages, batch, subscription.codec);
  if (records.length > 0) await subscription.handle(records);
  // After the others are handled: a chunk that has to come again buries its dead only once.
  if (dead.length > 0) await bury(dead, batch, handling);
  stopTimer();
  handledCount.inc(labels, messages.length);
}

/** Commits `offset` as done. False when the group moves on, and its records are delivered again. */
async function commit(payload: EachBatchPayload, offset: string): Promise<boolean> {
  const { topic, partition } = payload.batch;
  // Kafka is told the next one to read.
  const partitions = [{ partition, offset: (BigInt(offset) + 1n).toString() }];
  try {
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
  } catch (error) {
    if (isRebalance(error)) return false;
    throw new RetriableError("Offsets are not committed", { cause: error });
  }
  payload.resolveOffset(offset);
  return true;
}
