// What a client does for the consumer (`consume.ts`). Each client has a folder.
import type { GivenHeaders } from "./headers.ts";
import type { KafkaConfig } from "./kafka-config.ts";

export type Place = { topic: string; partition: number };

/** A member's share of its group's partitions, by topic. */
export type Partitions = Readonly<Record<string, readonly number[]>>;

/** A record, or what stands for records that nobody can read (`isUnreadable` of `read-batches.ts`). */
export type Message = {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: GivenHeaders;
  /** Epoch ms. */
  readonly timestamp: string;
};

/** Records of one partition, in order, in hand until their handling ends. */
export type Batch = Place & {
  readonly messages: readonly Message[];
  /** From which offset on it has all that is left; what a compaction took away lies before its messages. */
  readonly first: string;
  /** Its last offset: also of a marker of transactions, which nobody sees but everybody must pass. */
  readonly last: string;
  /** True once the partition may be another member's, is read elsewhere, or the reader stops: nothing new is begun then. */
  isOver: () => boolean;
  /** False once partitions were dealt out anew: all that is not committed comes again, to whomever has it now. */
  isAssigned: () => boolean;
  /**
   * Commits `offset` as the next one to read. False when the group moves on, and its records are delivered again. Throws
   * RetriableError where it is not known to be committed.
   */
  commit: (offset: string) => Promise<boolean>;
  /** What is fetched next lies behind `offset`; what is not resolved comes again. */
  resolve: (offset: string) => void;
  /** Nothing is fetched of the partition, while others go on, until what it returns is called. */
  pause: () => () => void;
};

export type ReaderOptions = {
  kafka: KafkaConfig;
  groupId: string;
  topics: readonly string[];
  /** Nobody waits for what comes of its records: they come many at once, up to half a second later. */
  isUnhurried?: boolean;
  /** The reader cannot go on. */
  onFatal: (error: unknown) => void;
  /** Records of a partition are gone that it was to read next: nothing more is fetched of it, or it goes on at the oldest. */
  onLoss: (place: Place) => "stop" | "go on";
  /** Whether one of its records waits: what holds no records is not committed then, as it lies behind that one. */
  isHeld: (place: Place) => boolean;
  /** Once aborted it never joins again, and what is in hand is over. */
  stopping: AbortSignal;
};

/** A member of a group; a new group starts at the oldest record. Disposal lets what is in hand end, and leaves. */
export type Reader = AsyncDisposable & {
  /**
   * Joins, and hands over batches until disposed: of a partition one at a time, of several side by side. Faults that may
   * pass are waited out. `handle` throws nothing.
   */
  run: (handle: (batch: Batch) => Promise<void>) => Promise<void>;
  /** True from the first assignment of partitions until it stops or crashes. */
  isConsuming: () => boolean;
  /** Another object after every assignment, even of the same. */
  partitions: () => Partitions;
  /** Sends a partition to an offset, in this assignment only. What it has in hand is over. */
  seek: (place: Place & { offset: string }) => void;
};
