// One batch of one partition: cut into chunks, each handled and committed before the next.
import type { Batch, EachBatchPayload, KafkaMessage } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import type { BackOffs } from "./back-off.ts";
import { isRebalance } from "./faults.ts";
import { type ChunkHandling, handleChunk, type Waiting } from "./handle-chunk.ts";
import { whileBeating } from "./heartbeat.ts";
import type { Assignment } from "./kafkajs/assignment.ts";
import { handledCount, handleSeconds } from "./metrics.ts";
import type { PlaceLock } from "./place-lock.ts";
import type { Subscription } from "./ports.ts";
import type { WaitingRoom } from "./waiting-room.ts";

/** The bound that `Subscription.handle` is promised. */
const CHUNK_COUNT_MAX = 512;

export type Handling = Omit<ChunkHandling, "isOver"> & {
  assignment: Assignment;
  waits: BackOffs;
  room: WaitingRoom;
  /** Of a partition, this batch or a record that waits is handled. */
  alone: PlaceLock;
  onFatal: (error: unknown) => void;
};

/**
 * Handles a batch. A RetriableError pauses the partition, while others go on, and the same records
 * come again after a back-off; of any other error `handleChunk` has said that it is fatal.
 */
export async function handleBatch<T>(
  payload: EachBatchPayload,
  subscription: Subscription<T>,
  handling: Handling,
): Promise<void> {
  const { topic, partition } = payload.batch;
  const { alone, assignment, health, waits } = handling;
  const assigned = assignment.partitions();
  try {
    await whileBeating(
      () => payload.heartbeat(),
      async (isRebalancing) => {
        const isOver = () => !payload.isRunning() || payload.isStale() || isRebalancing();
        const own = { ...handling, isOver, isAssigned: () => assignment.partitions() === assigned };
        for (const chunk of chunksOf(payload.batch)) {
          const isDone = await alone(payload.batch, () => pass(chunk, payload, subscription, own));
          if (!isDone) return;
        }
      },
    );
  } catch (error) {
    // Nothing is resolved, so what is fetched after the pause begins with the same records.
    const resume = payload.pause();
    if (!(error instanceof RetriableError)) return handling.onFatal(error);
    const waitMs = waits.next(payload.batch);
    handling.log.warn({ err: error, topic, partition, waitMs }, "partition waits");
    health.waits(`${topic}/${partition}`, error.message);
    handling.onProgress(topic, partition);
    setTimeout(resume, waitMs).unref();
  }
}

/** `first`: from which offset on it has all that is left; what a compaction took away lies before its messages. */
type Chunk = { messages: KafkaMessage[]; first: string; lastOffset: string };
type Passing = Handling & ChunkHandling & { isAssigned: () => boolean };

/** Handles a chunk and commits it. False where nothing more of its batch is to be begun. */
async function pass<T>(
  { messages, first, lastOffset }: Chunk,
  payload: EachBatchPayload,
  subscription: Subscription<T>,
  handling: Passing,
): Promise<boolean> {
  const { batch } = payload;
  const { health, room, waits } = handling;
  if (handling.isOver()) return false;
  assertRoom(batch, lastOffset, room);
  const waiting = await timeChunk(messages, batch, subscription, handling);
  if (!handling.isAssigned()) return false;
  room.passed(batch, { first: Number(first), last: Number(lastOffset) }, waiting);
  const held = room.heldAt(batch);
  if (!(await commit(payload, held?.offset ?? after(lastOffset)))) return false;
  // Of the next assignment nothing is resolved yet, and what waits must be read there again.
  if (!handling.isAssigned()) return false;
  payload.resolveOffset(lastOffset);
  waits.reset(batch);
  const place = `${batch.topic}/${batch.partition}`;
  if (held) health.waits(place, held.why);
  else health.moves(place);
  handling.onProgress(batch.topic, batch.partition);
  return true;
}

function* chunksOf(batch: Batch): Generator<Chunk> {
  const count = batch.messages.length;
  let first = fetchedFrom(batch);
  for (let from = 0; from < count; from += CHUNK_COUNT_MAX) {
    const messages = batch.messages.slice(from, from + CHUNK_COUNT_MAX);
    // A batch can end with markers of transactions, which nobody sees but everybody must pass.
    const isLast = from + CHUNK_COUNT_MAX >= count;
    const lastOffset = (!isLast && messages.at(-1)?.offset) || batch.lastOffset();
    yield { messages, first, lastOffset };
    first = after(lastOffset);
  }
}

/** kafkajs 2.2.4 has it, and its types have not. */
function fetchedFrom(batch: Batch & { fetchedOffset?: string }): string {
  if (batch.fetchedOffset === undefined)
    throw new Error("This kafkajs does not say where it asked from.");
  return batch.fetchedOffset;
}

async function timeChunk<T>(
  messages: readonly KafkaMessage[],
  batch: Batch,
  subscription: Subscription<T>,
  handling: ChunkHandling,
): Promise<Waiting[]> {
  const labels = { group: handling.groupId, topic: batch.topic };
  const stopTimer = handleSeconds.startTimer(labels);
  const waiting = await handleChunk(messages, batch, subscription, handling);
  stopTimer();
  handledCount.inc(labels, messages.length - waiting.length);
  return waiting;
}

function assertRoom(batch: Batch, lastOffset: string, room: WaitingRoom): void {
  if (!room.isFull(batch, Number(lastOffset))) return;
  throw new RetriableError(
    `Too many records lie behind one that waits: ${room.heldAt(batch)?.why}`,
  );
}

function after(offset: string): string {
  return (BigInt(offset) + 1n).toString();
}

/** Commits `offset` as the next one to read. False when the group moves on, and its records are delivered again. */
async function commit(payload: EachBatchPayload, offset: string): Promise<boolean> {
  const { topic, partition } = payload.batch;
  const partitions = [{ partition, offset }];
  try {
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
  } catch (error) {
    if (isRebalance(error)) return false;
    throw new RetriableError("Offsets are not committed", { cause: error });
  }
  return true;
}
