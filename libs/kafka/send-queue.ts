// One send in flight, and what arrives meanwhile shares the next one: the busier it is, the fewer
// and larger the requests are, and the order stays.
import { RetriableError } from "#libs/errors.ts";
import { type Producer, RecordsRefusedError, type RefusedRecord, type Sendable } from "./ports.ts";

/**
 * Brokers refuse more than 1 MiB (`max.message.bytes`) for one partition in one send; whatever the
 * partitions are, this stays below.
 */
const SEND_BYTES_MAX = 900 * 1024;
/** What waits beyond this is refused: 70,000 records of the usual size, many seconds of sending. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024;
/** Lengths and deltas around a record's key and value, and around each header's. */
const FRAME_BYTES = 40;
const HEADER_FRAME_BYTES = 10;

type Call = {
  records: readonly Sendable[];
  byteCount: number;
  /** Takes those of the call's records that can never be sent. */
  resolve: (refused: RefusedRecord[]) => void;
  reject: (error: unknown) => void;
};

export type SendQueue = {
  /** Resolves once `send` has taken all records; see `Producer.publish`. */
  add: Producer["publish"];
  /** Resolves once nothing waits any more. */
  drained(): Promise<void>;
};

type Send = (records: readonly Sendable[]) => Promise<void>;

/** Queues calls for `send`, which takes what several of them have given in one go. */
export function sendQueue(send: Send): SendQueue {
  const waiting: Call[] = [];
  let waitingBytes = 0;
  let sending: Promise<void> | undefined;

  async function addPiece({ records, byteCount }: Piece, signal?: AbortSignal) {
    if (waitingBytes > WAITING_BYTES_MAX) throw new RetriableError("Too much waits for Kafka");
    if (signal?.aborted) throw takenOff(signal);
    const { promise, resolve, reject } = Promise.withResolvers<RefusedRecord[]>();
    const call = { records, byteCount, resolve, reject };
    waiting.push(call);
    waitingBytes += byteCount;
    sending ??= sendAll();
    const takeOff = () => signal && takeCallOff(call, signal);
    signal?.addEventListener("abort", takeOff);
    return promise.finally(() => signal?.removeEventListener("abort", takeOff));
  }

  /** What is being sent already is left alone. */
  function takeCallOff(call: Call, signal: AbortSignal): void {
    const index = waiting.indexOf(call);
    if (index === -1) return;
    waiting.splice(index, 1);
    waitingBytes -= call.byteCount;
    call.reject(takenOff(signal));
  }

  async function sendAll(): Promise<void> {
    // Callers of the same turn of the event loop belong together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const calls = takeCalls(waiting);
      await sendTogether(calls, send);
      waitingBytes -= calls.reduce((sum, { byteCount }) => sum + byteCount, 0);
    }
    sending = undefined;
  }

  return {
    async add(records, { signal } = {}) {
      const refused: RefusedRecord[] = [];
      // One after the other, so that nothing of a call follows a part of it that has to come again.
      for (const piece of piecesOf(records)) refused.push(...(await addPiece(piece, signal)));
      if (refused.length > 0) throw new RecordsRefusedError(refused);
    },
    async drained() {
      while (sending) await sending;
    },
  };
}

function takenOff({ reason }: AbortSignal): RetriableError {
  return new RetriableError("The records were taken off the queue.", { cause: reason });
}

async function sendTogether(calls: readonly Call[], send: Send): Promise<void> {
  try {
    const refused = await sendOrRefuse(
      calls.flatMap(({ records }) => records),
      send,
    );
    for (const { records, resolve } of calls) {
      resolve(refused.filter(({ record }) => records.includes(record)));
    }
  } catch (error) {
    for (const { reject } of calls) reject(error);
  }
}

/**
 * One bad record must not fail those that only share its send. What is refused is sent in halves, in
 * order, until the bad ones stand alone: 512 records with one bad take 18 sends more.
 */
async function sendOrRefuse(records: readonly Sendable[], send: Send): Promise<RefusedRecord[]> {
  try {
    await send(records);
    return [];
  } catch (cause) {
    if (cause instanceof RetriableError) throw cause;
    const [record] = records;
    if (record && records.length === 1) return [{ record, cause }];
    const middle = Math.floor(records.length / 2);
    const refused = await sendOrRefuse(records.slice(0, middle), send);
    return [...refused, ...(await sendOrRefuse(records.slice(middle), send))];
  }
}

/** Takes calls as long as they fit into one send; the first one is taken whatever its size. */
function takeCalls(waiting: Call[]): Call[] {
  let byteCount = 0;
  const end = waiting.findIndex((call, index) => {
    byteCount += call.byteCount;
    return index > 0 && byteCount > SEND_BYTES_MAX;
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

type Piece = { records: readonly Sendable[]; byteCount: number };

/** Cuts records into pieces of one send each; a record that is too large by itself stays alone. */
function* piecesOf(records: readonly Sendable[]): Generator<Piece> {
  let from = 0;
  let byteCount = 0;
  for (const [index, record] of records.entries()) {
    const recordBytes = byteCountOf(record);
    if (index > from && byteCount + recordBytes > SEND_BYTES_MAX) {
      yield { records: records.slice(from, index), byteCount };
      from = index;
      byteCount = 0;
    }
    byteCount += recordBytes;
  }
  if (from < records.length) yield { records: records.slice(from), byteCount };
}

/** Headers count, too: others may put more into them than into the value. */
function byteCountOf({ key, value, headers = {} }: Sendable): number {
  let byteCount = FRAME_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) {
    for (const each of [headers[name]].flat()) {
      byteCount += HEADER_FRAME_BYTES + name.length + (each?.length ?? 0);
    }
  }
  return byteCount;
}
