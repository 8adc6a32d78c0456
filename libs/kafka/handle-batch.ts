// One batch of one partition: cut into chunks, each handled and committed before the next.
import { RetriableError } from "#libs/errors.ts";
import type { BackOffs } from "./back-off.ts";
import { type ChunkHandling, handleChunk, type Waiting } from "./handle-chunk.ts";
import { handledCount, handleSeconds } from "./metrics.ts";
import type { PlaceLock } from "./place-lock.ts";
import type { Subscription } from "./ports.ts";
import type { Batch, Message } from "./reader.ts";
import type { WaitingRoom } from "./waiting-room.ts";

/** The bound that `Subscription.handle` is promised. */
const CHUNK_COUNT_MAX = 512;

export type Handling = Omit<ChunkHandling, "isOver"> & {
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
  batch: Batch,
  subscription: Subscription<T>,
  handling: Handling,
): Promise<void> {
  const { topic, partition } = batch;
  const { alone, health, waits } = handling;
  try {
    for (const chunk of chunksOf(batch)) {
      const isDone = await alone(batch, () => pass(chunk, batch, subscription, handling));
      if (!isDone) return;
    }
  } catch (error) {
    // Nothing is resolved, so what is fetched after the pause begins with the same records.
    const resume = batch.pause();
    if (!(error instanceof RetriableError)) return handling.onFatal(error);
    const waitMs = waits.next(batch);
    handling.log.warn({ err: error, topic, partition, waitMs }, "partition waits");
    health.waits(`${topic}/${partition}`, error.message);
    handling.onProgress(topic, partition);
    setTimeout(resume, waitMs).unref();
  }
}

type Chunk = { messages: readonly Message[]; first: string; last: string };

/** Handles a chunk and commits it. False where nothing more of its batch is to be begun. */
async function pass<T>(
  { messages, first, last }: Chunk,
  batch: Batch,
  subscription: Subscription<T>,
  handling: Handling,
): Promise<boolean> {
  const { health, room, waits } = handling;
  if (batch.isOver()) return false;
  assertRoom(batch, last, room);
  const own = { ...handling, isOver: batch.isOver };
  const waiting = await timeChunk(messages, batch, subscription, own);
  if (!batch.isAssigned()) return false;
  room.passed(batch, { first: Number(first), last: Number(last) }, waiting);
  const held = room.heldAt(batch);
  if (!(await batch.commit(held?.offset ?? after(last)))) return false;
  // Of the next assignment nothing is resolved yet, and what waits must be read there again.
  if (!batch.isAssigned()) return false;
  batch.resolve(last);
  waits.reset(batch);
  const place = `${batch.topic}/${batch.partition}`;
  if (held) health.waits(place, held.why);
  else health.moves(place);
  handling.onProgress(batch.topic, batch.partition);
  return true;
}

function* chunksOf(batch: Batch): Generator<Chunk> {
  const count = batch.messages.length;
  let { first } = batch;
  for (let from = 0; from < count; from += CHUNK_COUNT_MAX) {
    const messages = batch.messages.slice(from, from + CHUNK_COUNT_MAX);
    // Behind its messages a batch can end with markers of transactions.
    const isLast = from + CHUNK_COUNT_MAX >= count;
    const last = (!isLast && messages.at(-1)?.offset) || batch.last;
    yield { messages, first, last };
    first = after(last);
  }
}

async function timeChunk<T>(
  messages: readonly Message[],
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

function assertRoom(batch: Batch, last: string, room: WaitingRoom): void {
  if (!room.isFull(batch, Number(last))) return;
  throw new RetriableError(
    `Too many records lie behind one that waits: ${room.heldAt(batch)?.why}`,
  );
}

function after(offset: string): string {
  return (BigInt(offset) + 1n).toString();
}
