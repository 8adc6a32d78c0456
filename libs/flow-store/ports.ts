// What the flow store promises. State is opaque here: bytes with a version in front.
import type { ClosedShards } from "#libs/flow-store/closed-shards.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";

/** A message as it was loaded. `version` 0 and `state` null: nothing is stored. */
export type StoredMessage = { messageId: string; version: number; state: Buffer | null };

export type ReadMessages = {
  /** What follows from it must be written in the same epoch. */
  epoch: Epoch;
  /** The shard's counter at that instant. */
  counter: number;
  /** Since the opening at which instant this Redis has known the shard, epoch ms; 0: for as long as there were epochs. */
  beganAt: number;
  messages: StoredMessage[];
};

export type LoadedShard = ReadMessages & {
  /** The later of Redis' and the process' clock, epoch ms: every decision is made, and armed, by it. */
  nowMs: number;
  /** How far behind that the earlier one is, ms: an instant that is given is there once it says so. */
  apartMs: number;
};

/**
 * One message's next state. It is written only if the stored version is still `expectedVersion`, and not after
 * `storeBy`.
 */
export type Transition = {
  messageId: string;
  expectedVersion: number;
  /** An instant of Redis' clock, epoch ms: by then what was decided may have to be decided in another way. */
  storeBy: number;
  /** The state after the transition; it is stored under `expectedVersion + 1`. */
  state: Buffer;
  /** When the message's one timer is due, epoch ms; null takes the timer away. */
  dueAt: number | null;
  /** How long the state is kept after this commit, ms; null: for ever (the message is open). */
  keepMs: number | null;
  /** What must be published besides the state; kept in the outbox until it is acknowledged. */
  outbox: Buffer;
  /** Set once, when the message's request is taken: lists the message among its account's. */
  indexed?: IndexEntry;
};

/** Under which account a message is listed, and by which instant (epoch ms). */
export type IndexEntry = { accountId: string; at: number };

export type ListedMessage = { messageId: string; at: number };

/** Both ends are included. `after` is the last message of the page before. */
export type ListRange = {
  fromMs: number;
  toMs: number;
  after: ListedMessage | null;
  countMax: number;
};

export type CommitResult = {
  /** Messages whose stored version was another one, or that came too late: nothing was written for them. */
  conflicts: string[];
  /** The outbox entry that holds the written transitions' records; null if all were conflicts. */
  entryId: string | null;
  /** The shard's counter after the commit. */
  counter: number;
  /** How many of the conflicts came too late. */
  lateCount: number;
};

export type OutboxEntry = {
  entryId: string;
  /** Age by the shard's Redis clock, ms; without end for one from the future, whose clock was wrong. */
  ageMs: number;
} & OutboxContent;

/** `fault`: nobody can read what lies there. */
export type OutboxContent =
  | { counter: number; messages: { messageId: string; version: number; outbox: Buffer }[] }
  | { fault: string; bytes: Buffer };

export type OutboxPage = { countMax: number; minAgeMs: number; after?: string | undefined };

/** Entries of one instant, and the epoch in which they may be acknowledged. */
export type ReadOutbox = { epoch: Epoch; entries: OutboxEntry[] };

/** `newer`: the messages whose stored version is above the published one; `counter` is beside them. */
export type AckResult = { newer: StoredMessage[]; counter: number };

/** Where a timer belongs while its message has this version; 0: nothing is stored. null: nowhere. */
export type TimerPlace = { messageId: string; version: number; dueAt: number | null };

/** `leaseEndsAt`: when it fires again unless it is settled before. Epoch ms. */
export type DueTimer = { messageId: string; dueAt: number; leaseEndsAt: number };

export type TimerPage = {
  epoch: Epoch;
  cursor: string;
  timers: Pick<DueTimer, "messageId" | "dueAt">[];
};

export type ClaimResult = {
  epoch: Epoch;
  /** In no order. */
  due: DueTimer[];
  /** When another timer will be due, or a lease be over, epoch ms; null: nothing is known to come. */
  nextDueAt: number | null;
  /** The earlier of Redis' and the caller's clock, epoch ms. */
  nowMs: number;
};

export type ClaimOptions = {
  /** Epoch ms. */
  callerNowMs: number;
  /** How long a timer is lent for the first time, ms; each further time twice as long. */
  leaseMs: number;
  /** How many timers of the shard may be lent and not settled, 2 or more. */
  lentMax: number;
};

/**
 * Calls throw RetriableError when Redis cannot answer, and its subclasses: ShardClosedError for a shard
 * that is closed (Redis was restarted, replaced or emptied, or lost writes that this process has seen),
 * and ClockSkewError while Redis' and the process' clocks are too far apart (load and claimDue). What
 * follows from what was read names its epoch, and is refused in any other.
 */
export type FlowStore = ClosedShards & {
  readonly shardCount: number;
  shardOf(messageId: string): number;
  /** To decide something of messages: their states and the time, in one round trip. */
  load(shard: number, messageIds: readonly string[]): Promise<LoadedShard>;
  /** To show messages, or publish them again: whatever the clocks say. */
  read(shard: number, messageIds: readonly string[]): Promise<ReadMessages>;
  /**
   * Throws ShardClosedError where another Redis process answers than the one on which the epoch began, or the shard was
   * closed or opened anew since: what is stored may lack what was written in it. What this process has heard of the epoch
   * is enough where it has just heard; else, after a standstill of its own or a slow send, Redis is asked.
   */
  confirm(epoch: Epoch): Promise<void>;
  /** Compare-and-set per message, all in one script. */
  commit(epoch: Epoch, transitions: readonly Transition[]): Promise<CommitResult>;
  /**
   * Drops a published entry - or keeps it and returns the messages whose stored version is above the
   * published one: publish their journal entry again, then ack again. Without published messages it
   * is dropped as it is.
   */
  ack(
    epoch: Epoch,
    entryId: string,
    published: readonly { messageId: string; version: number }[],
  ): Promise<AckResult>;
  /**
   * The oldest outbox entries, up to the first that is less than `minAgeMs` old; `countMax` at most.
   * `after`: those behind that entry.
   */
  readOutbox(shard: number, options: OutboxPage): Promise<ReadOutbox>;
  /** That entry of the outbox, whatever its age; none where it is gone. */
  readEntry(shard: number, entryId: string): Promise<ReadOutbox>;
  /**
   * Of which of the messages the outbox holds something that was committed before they were read, so that it is not
   * known to be on Kafka yet: each with the oldest entry that has it.
   */
  unpublished(
    read: Pick<ReadMessages, "epoch" | "counter">,
    messageIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
  /**
   * Puts timers where they belong, or takes them away, each only if its message's version is still
   * the given one. A timer that is not there stays away. Resolves with how many it moved.
   */
  rearm(epoch: Epoch, timers: readonly TimerPlace[]): Promise<number>;
  /**
   * Lends timers that are due by both clocks (Redis' and the caller's: never early if one of them is
   * wrong), those that are due for longest and those since last in equal shares. One whose lease has
   * ended is lent again, for twice as long, up to LEASE_MS_MAX. A timer is settled by whatever moves
   * it or takes it away, a commit or `rearm`; while `lentMax` of a shard are not, none is lent anew.
   */
  claimDue(shard: number, options: ClaimOptions): Promise<ClaimResult>;
  /**
   * For each of these shards when a timer of it is due first, epoch ms; 0 while some are lent, of which `claimDue` knows
   * more; null: there is none. One round trip, and one command where one Redis has all of them. It says nothing of
   * epochs: a shard that is closed, or was emptied, may look idle.
   */
  firstDue(shards: readonly number[]): Promise<(number | null)[]>;
  /** Takes lent timers back whose ticks could not be published: they are due at once. */
  takeBack(epoch: Epoch, messageIds: readonly string[]): Promise<void>;
  /**
   * An account's messages of all shards, newest first, those of one instant by their ids from the
   * highest. A message is listed from its first commit on, for INDEX_KEEP_MS, whether or not its
   * state is still kept. Those that come while somebody pages through stand before the cursor.
   */
  list(accountId: string, range: ListRange): Promise<ListedMessage[]>;
  /** Takes messages of one shard whose state has expired off the list. */
  unlist(epoch: Epoch, accountId: string, messageIds: readonly string[]): Promise<void>;
  /** When the journal's entries of a shard's scheduled messages were last written again, epoch ms. */
  rewrittenAt(shard: number): Promise<{ epoch: Epoch; atMs: number }>;
  noteRewritten(epoch: Epoch, atMs: number): Promise<void>;
  /**
   * Goes through the timers of a shard, and so through its open messages, from cursor "0" until it is "0"
   * again. One that is there all the while is found, maybe twice.
   */
  scanTimers(shard: number, cursor: string): Promise<TimerPage>;
};
