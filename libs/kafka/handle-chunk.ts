// The one place that decides what becomes of records that cannot be handled, wherever that was:
//
//   RetriableError           the chunk comes again after a back-off, its partition waits, and says so
//   WaitsAloneError          the record, and whichever waits for the same, waits; the partition goes on
//                            (see waiting-room.ts)
//   PoisonRecordError        a dead letter
//   anything else, a bug     the chunk is tried in halves, in order, down to the record that it is of; one
//                            that still fails after three tries alone is a dead letter
//   a bug in every record    of a chunk, and in 100 different ones in a row: nothing of the chunk is
//                            committed, and the process ends, because the fault is its own
//
// Dead letters are written after the others are handled and before anything is committed.
import { setTimeout as sleep } from "node:timers/promises";
import { cutItems } from "#libs/cut-items.ts";
import { RetriableError, reportFault, StageError, WaitsAloneError } from "#libs/errors.ts";
import { type Burying, bury, type Failed } from "./dead-letters.ts";
import type { FailureRun } from "./failure-run.ts";
import type { IncomingRecord, Subscription } from "./ports.ts";
import { type Readable, readRecords } from "./read-records.ts";
import type { Message, Place } from "./reader.ts";

/** A bug may pass, such as a race: each record has these tries by itself. */
const TRY_COUNT = 3;
const TRY_PAUSE_MS = 50;

export type ChunkHandling = Burying & {
  failures: FailureRun;
  /** True once the partition may be another member's: nothing new is begun then. */
  isOver: () => boolean;
  /** To be called while a long work goes on, so that it is not taken for a standstill. */
  onProgress: (topic: string, partition: number) => void;
};

/** A record that waits for something of its own. */
export type Waiting = { message: Message; fault: WaitsAloneError };

/**
 * Resolves once every record is handled or a dead letter, with those that wait by themselves. Throws
 * RetriableError where the same chunk has to come again, and any other error where the process has to
 * end.
 */
export async function handleChunk<T>(
  messages: readonly Message[],
  place: Place,
  subscription: Subscription<T>,
  handling: ChunkHandling,
): Promise<Waiting[]> {
  const { failed, waiting } = await tryChunk(messages, place, subscription, handling);
  if (failed.length > 0) await bury(failed, place, handling);
  return waiting;
}

/** What is not handled of a chunk. */
type Left = { failed: Failed[]; waiting: Waiting[] };

/** `handleChunk` for records that are read once more in any case: only then those that fail are dead letters. */
export async function tryChunk<T>(
  messages: readonly Message[],
  place: Place,
  subscription: Subscription<T>,
  handling: ChunkHandling,
): Promise<Left> {
  const { readable, failed } = await readRecords(messages, place, subscription.codec);
  const left = await handleReadable(readable, subscription, handling);
  assertNotBroken(left, readable.length, handling);
  return {
    failed: [...failed, ...left.failed].toSorted(byOffset),
    waiting: left.waiting.toSorted(byOffset),
  };
}

function byOffset(one: { message: Message }, other: { message: Message }): number {
  return Number(one.message.offset) - Number(other.message.offset);
}

async function handleReadable<T>(
  readable: readonly Readable<T>[],
  subscription: Subscription<T>,
  handling: ChunkHandling,
): Promise<Left> {
  const [first] = readable;
  if (!first) return { failed: [], waiting: [] };
  try {
    handling.onProgress(first.record.topic, first.record.partition);
    await subscription.handle(readable.map(({ record }) => record));
    handling.failures.passed();
    return { failed: [], waiting: [] };
  } catch (error) {
    if (isEverybodys(error)) throw error;
    if (handling.isOver()) throw movesOn();
    const { waiting, others } = apartFrom(error, readable, subscription);
    if (waiting.length > 0) {
      const left = await handleReadable(others, subscription, handling);
      return { ...left, waiting: [...waiting, ...left.waiting] };
    }
    const { reason } = reportFault(error);
    handling.log.warn({ reason, count: readable.length }, "records are tried in halves");
    return handleHalves(readable, subscription, handling);
  }
}

/** Of which one record is odd, the others are handled in as few calls as there are halves on the way to it. */
async function handleHalves<T>(
  readable: readonly Readable<T>[],
  subscription: Subscription<T>,
  handling: ChunkHandling,
): Promise<Left> {
  const left: Left = { failed: [], waiting: [] };
  for (const half of cutItems(readable, Math.ceil(readable.length / 2))) {
    const [only] = half;
    const isAlone = only !== undefined && half.length === 1;
    const { failed, waiting } = isAlone
      ? await handleAlone(only, subscription, handling)
      : await handleReadable(half, subscription, handling);
    left.failed.push(...failed);
    left.waiting.push(...waiting);
  }
  return left;
}

/** The records that wait for what was met, if that is it and they say so, and those that do not. */
function apartFrom<T>(
  fault: unknown,
  readable: readonly Readable<T>[],
  subscription: Subscription<T>,
): { waiting: Waiting[]; others: readonly Readable<T>[] } {
  if (!(fault instanceof WaitsAloneError)) return { waiting: [], others: readable };
  const isWaiting = ({ record }: Readable<T>) => subscription.waitsFor?.(record) === fault.waitsFor;
  const waiting = readable.filter(isWaiting).map(({ message }) => ({ message, fault }));
  return { waiting, others: readable.filter((one) => !isWaiting(one)) };
}

function movesOn(): RetriableError {
  return new RetriableError("The partition moves on, its records come again.");
}

function isEverybodys(error: unknown): error is RetriableError {
  return error instanceof RetriableError && !(error instanceof WaitsAloneError);
}

async function handleAlone<T>(
  { message, record }: Readable<T>,
  subscription: Subscription<T>,
  { failures, isOver, onProgress }: ChunkHandling,
): Promise<Left> {
  if (isOver()) throw movesOn();
  // A process that is broken need not find that out slowly.
  const tryCount = failures.isTooLong() ? 1 : TRY_COUNT;
  onProgress(record.topic, record.partition);
  const result = await tryRecord(() => subscription.handle([record]), tryCount);
  if (result === "handled") {
    failures.passed();
    return { failed: [], waiting: [] };
  }
  const { fault } = result;
  if (fault instanceof WaitsAloneError) return { failed: [], waiting: [{ message, fault }] };
  if (!reportFault(fault).isPoison) failures.failed(nameOf(record));
  return { failed: [{ message, fault }], waiting: [] };
}

async function tryRecord(
  handle: () => Promise<void>,
  tryCount: number,
): Promise<"handled" | { fault: unknown }> {
  for (let count = 1; ; count++) {
    try {
      await handle();
      return "handled";
    } catch (fault) {
      if (isEverybodys(fault)) throw fault;
      if (fault instanceof WaitsAloneError) return { fault };
      if (count >= tryCount || reportFault(fault).isPoison) return { fault };
      await sleep(TRY_PAUSE_MS);
    }
  }
}

/** What distinguishes a record: its key, which is its message's id. */
function nameOf({ topic, partition, offset, key }: IncomingRecord<unknown>): string {
  return `${topic}/${key ?? `${partition}/${offset}`}`;
}

/** Throws where nothing of a chunk is handled, and so many others in a row have failed by a bug. */
function assertNotBroken(
  { failed, waiting }: Left,
  count: number,
  { failures }: ChunkHandling,
): void {
  const isNothing = failed.length > 0 && failed.length + waiting.length === count;
  if (isNothing && failures.isTooLong()) throw everyRecordFails(failed.at(-1)?.fault);
}

function everyRecordFails(fault: unknown): StageError {
  const { stage, reason } = reportFault(fault);
  const error = new Error(`Every record fails, this process is broken: ${reason}`, {
    cause: fault,
  });
  return new StageError(stage, error);
}
