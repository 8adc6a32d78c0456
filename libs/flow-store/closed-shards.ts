// What the flow store promises to who opens its shards.
import type { Epoch, LOST, LOST_BESIDE } from "#libs/flow-store/epoch.ts";
import type { ClockReading } from "#libs/redis/clocks.ts";

/** A shard as it is found, open or closed. */
export type InspectedShard = {
  epoch: Epoch;
  /** The Redis process that answered. */
  server: string;
  /** For this connection: it was opened on the Redis process that answers. */
  isOpen: boolean;
  counter: number;
  /** The last that the outbox was ever given: when that was, epoch ms, a dash, a number; "0-0": none. */
  lastEntryId: string;
  /** Entries that are not acknowledged. */
  entryCount: number;
  /** How many timers less there are than were noted: somebody has deleted them. */
  missingTimerCount: number;
  /** Redis' and this process'. */
  clocks: ClockReading;
};

/** A message as a record of the journal has it, and what it needs beside its state. */
export type RestoredMessage = {
  messageId: string;
  /** The epoch and the counter of its shard at that state; "" and 0: the record does not tell. */
  epoch: string;
  counter: number;
  version: number;
  state: Buffer;
  /** When the message's one timer is due, epoch ms; null: it has none. */
  dueAt: number | null;
  /** How long the state is kept, ms; null: for ever. */
  keepMs: number | null;
  /** Under which account the message is listed, and by which instant (epoch ms). */
  indexed?: { accountId: string; at: number };
};

/** Of the flow store, what is done with shards that are closed. Faults are as with its other calls. */
export type ClosedShards = {
  /** Every shard as it is, also those that are closed. */
  inspect(): Promise<InspectedShard[]>;
  /**
   * Marks a shard that has no epoch, so that whoever restores it notices if it is emptied once more
   * meanwhile. Does nothing where another one was faster.
   */
  markEmpty(shard: number): Promise<void>;
  /**
   * Closes a shard for what was lost beside it: `how` says how much of the journal is read for it then. Does nothing where
   * another epoch is stored by now.
   */
  close(found: Epoch, how: typeof LOST | typeof LOST_BESIDE): Promise<void>;
  /**
   * Opens a shard in a new epoch, which it returns, if its epoch is still the closed one, and the Redis
   * process the one that was inspected: of several callers one succeeds, for the others it throws
   * ShardClosedError. `counter` and `lastEpoch` ("" for none) are the highest that the journal knows of it. Throws
   * ClockSkewError while this process' clock, which names the epoch, and Redis' are too far apart.
   */
  open(
    closed: Pick<InspectedShard, "epoch" | "server">,
    known: { counter: number; lastEpoch: string },
  ): Promise<Epoch>;
  /**
   * Brings messages of a closed shard (RESTORED_COUNT_MAX at most, each once) to where their records are,
   * only upwards. Resolves with how many were behind. Throws ShardClosedError once the shard was opened.
   */
  restore(closed: Epoch, messages: readonly RestoredMessage[]): Promise<number>;
};
