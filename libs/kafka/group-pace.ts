// How a member keeps its place in its group, and how much it fetches: the same by whichever client, as both may be in one.

/** A dead member's partitions wait this long; a stall of the event loop is never that long. */
export const SESSION_TIMEOUT_MS = 10_000;
export const HEARTBEAT_INTERVAL_MS = 1_000;
/** Covers the longest handling of a chunk of records before partitions are dealt out anew. */
export const REBALANCE_TIMEOUT_MS = 30_000;
/** A fetch returns at once when there is a record; this bounds stops and rebalances. */
export const FETCH_WAIT_MS = 500;
export const PARTITION_BYTES_MAX = 1024 * 1024;
/** Of who is in no hurry: a fetch waits until it has as much, `FETCH_WAIT_MS` at most. One partition alone may bring it. */
export const UNHURRIED_BYTES_MIN = 256 * 1024;
