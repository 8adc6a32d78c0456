// One send in flight, and what arrives meanwhile shares the next one: the busier it is, the fewer
// and larger the requests are, and the order stays.
import { RetriableError } from "#libs/errors.ts";
import type { DeadLetter, OutgoingRecord } from "./ports.ts";

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

export type Sendable = OutgoingRecord | DeadLetter;

type Call = {
  records: readonly Sendable[];
  byteCount: number;
  resolve: () => void;
  reject: (error: unknown) => void;
};

export type SendQueue = {
  /** Resolves once `send` has taken all records; rejects with the fault of the send they were in. */
  add(records: readonly Sendable[]): Promise<void>;
  /** Resolves once nothing waits any more. */
  drained(): Promise<void>;
};

/** Queues calls for `send`, which takes what several of them have given in one go. */
export function sendQueue(send: (records: readonly Sendable[]) => Promise<void>): SendQueue {
  const waiting: Call[] = [];
  let waitingBytes = 0;
  let sending: Promise<void> | undefined;

  async function addPiece(records: readonly Sendable[], byteCount: number): Promise<void> {
    if (waitingBytes > WAITING_BYTES_MAX) throw new RetriableError("Too much waits for Kafka");
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ records, byteCount, resolve, reject });
    waitingBytes += byteCount;
    sending ??= sendAll();
    await promise;
  }

  async function sendAll(): Promise<void> {
    // Callers of the same turn of the event loop belong together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const calls = takeCalls(waiting);
      await sendTogether(calls);
      waitingBytes -= calls.reduce((sum, { byteCount }) => sum + byteCount, 0);
    }
    sending = undefined;
  }

  /** One bad record must not fail those that only shared its send: then each call is sent alone. */
  async function sendTogether(calls: readonly Call[]): Promise<void> {
    try {
      await send(calls.flatMap(({ records }) => records));
      for (const { resolve } of calls) resolve();
    } catch (error) {
      if (calls.length > 1 && !(error instanceof RetriableError)) {
        for (const call of calls) await sendTogether([call]);
      } else {
        for (const { reject } of calls) reject(error);
      }
    }
  }

  return {
    async add(records) {
      // One after the other, so that nothing of a call follows a part of it that failed.
      for (const piece of piecesOf(records)) await addPiece(piece.records, piece.byteCount);
    },
    async drained() {
      while (sending) await sending;
    },
  };
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

/** Cuts records into pieces of one send each; a record that is too large by itself stays alone. */
function* piecesOf(records: readonly Sendable[]) {
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
