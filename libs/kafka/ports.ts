// What the house needs of Kafka. Nobody outside this folder knows the client behind it.
import type { Fault } from "#libs/contracts/bound.ts";
import type { Codec } from "#libs/contracts/codec.ts";

export type Headers = Readonly<Record<string, string>>;

export type OutgoingRecord = {
  topic: string;
  key: string;
  value: Buffer | null;
  /** Only where the partition means something (journal: the shard); else the key decides. */
  partition?: number;
  headers?: Headers;
};

/** A record that nobody can handle, byte for byte, with headers that say why it is dead. */
export type DeadLetter = Pick<OutgoingRecord, "topic" | "value"> & {
  key: Buffer | null;
  headers: Readonly<Record<string, HeaderBytes>>;
};

type HeaderBytes = Buffer | string | (Buffer | string)[];

export type IncomingRecord<T> = {
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  value: T;
  /** What was out of bounds and has a stand-in in `value`: the sender is to be answered. */
  faults: readonly Fault[];
  /** The value as it came. */
  bytes: Buffer;
  headers: Headers;
  /** Epoch ms at which the record was appended or produced. */
  timestamp: number;
};

export type Sendable = OutgoingRecord | DeadLetter;

export type PublishOptions = {
  /**
   * Once aborted, nothing more of the call is sent that is not being sent at that moment, and the
   * call rejects with a RetriableError. A send that has begun ends as it would have.
   */
  signal?: AbortSignal;
};

export type Producer = AsyncDisposable & {
  /**
   * Resolves once every record is acknowledged by all in-sync replicas. Calls made while a send is
   * in flight share the next one, so that one send at a time is in flight and order is kept.
   * Throws RetriableError when Kafka cannot take them now; some may have been appended then. Throws
   * RecordsRefusedError when Kafka refuses some for good: all others are acknowledged then, those of
   * other calls too, and those of this call that come after a refused one.
   */
  publish(records: readonly Sendable[], options?: PublishOptions): Promise<void>;
};

/** A record that Kafka refuses for good: too large, or nothing that can be encoded. */
export type RefusedRecord = { record: Sendable; cause: unknown };

/** Some of a call's records can never be published; all others of the call are. */
export class RecordsRefusedError extends Error {
  override name = "RecordsRefusedError";
  /** In the order of the call, the very objects that were given. */
  readonly refused: readonly RefusedRecord[];

  constructor(refused: readonly RefusedRecord[]) {
    const [first] = refused;
    const topics = [...new Set(refused.map(({ record }) => record.topic))].join(", ");
    const cause = first?.cause;
    super(`${refused.length} records for ${topics} can never be published: ${String(cause)}`, {
      cause,
    });
    this.refused = refused;
  }
}

export type Subscription<T> = {
  topic: string;
  codec: Codec<T>;
  /**
   * Handles records of one partition, in order, 512 at most. Their offsets are committed once it
   * resolves. A RetriableError pauses the partition and hands the same records over again after a
   * back-off. After a WaitsAloneError the others come again without those that wait, which hold up no
   * other: they, and all behind them, come again once they can be handled. After any other error they come
   * again in halves, and those that still fail alone become dead letters; see `handle-chunk.ts`.
   */
  handle(records: readonly IncomingRecord<T>[]): Promise<void>;
  /**
   * What alone a record may have to wait for, as WaitsAloneError says it in `waitsFor`; undefined where only its
   * handling finds out. Without it, records of which one waits come again in halves.
   */
  waitsFor?(record: IncomingRecord<T>): string | undefined;
  /**
   * What gets lost of the topic comes again by itself: where records were deleted unread, it goes on at
   * the oldest. Of any other topic the partition stops then, until an operator says where it goes on.
   */
  comesAgain?: true;
};

export type Consumer = AsyncDisposable & {
  /** True from the first assignment of partitions until the consumer stops or crashes. */
  isConsuming(): boolean;
  /**
   * Why not, one sentence each: it does not consume, a partition stands still for 15 s or more while
   * its records wait, records became dead letters within the last minute, or were deleted unread.
   */
  whyNotReady(): readonly string[];
};
