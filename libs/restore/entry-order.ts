// Which of a message's journal records is the newest. Pure; `restore.lua` says the same in Redis.
import { isPlausible } from "#libs/flow-store/epoch.ts";
import { headerNames } from "#libs/kafka/headers.ts";

/**
 * `epoch` and `counter` of the shard when the state was committed. Epochs sort as text by the order of
 * their openings. A record of a version that knew no epochs has "" and 0: it is older than all others.
 */
export type EntryOrder = { epoch: string; counter: number; version: number };

/** What a record's headers say. What they do not say in our words, they do not say at all. */
export function orderOf(header: (name: string) => string | undefined, version: number): EntryOrder {
  const epoch = header(headerNames.epoch) ?? "";
  const counter = Number(header(headerNames.counter) ?? 0);
  const isCount = Number.isSafeInteger(counter) && counter >= 0 && counter <= COUNTER_MAX;
  const isKnown = EPOCH.test(epoch) && isPlausible(epoch) && isCount;
  return isKnown ? { epoch, counter, version } : { epoch: "", counter: 0, version };
}

/** The shard goes on counting from the highest one, and a counter has 15 digits at most. */
const COUNTER_MAX = 10 ** 14;
/** Of eight digits before an epoch told its instant. */
const EPOCH = /^\d{6}-[0-9a-f]{8}([0-9a-f]{4})?$/;

/** Above 0 where `a` is the newer one. A counter of another epoch, or a version of one, says nothing. */
export function compareOrders(a: EntryOrder, b: EntryOrder): number {
  if (a.epoch !== b.epoch) return a.epoch > b.epoch ? 1 : -1;
  return a.counter - b.counter || a.version - b.version;
}

/** The newest of each message. */
export function newestOf<One extends { messageId: string; order: EntryOrder }>(
  all: readonly One[],
): One[] {
  const newest = new Map<string, One>();
  for (const one of all) {
    const known = newest.get(one.messageId);
    if (!known || compareOrders(one.order, known.order) > 0) newest.set(one.messageId, one);
  }
  return [...newest.values()];
}
