// Which records may leave the journal with an older state of their message. A writer that was paused
// between its commit and its publication comes behind one that was not; it is known by the shard's
// counter, since all that the shard had committed meanwhile stands before it. Pure.
import { compareOrders, type EntryOrder } from "./entry-order.ts";

export type SeenEntry = { messageId: string; order: EntryOrder; bytes: Buffer };

/**
 * Of a part of a partition, in the order of its offsets: the last record of each message, if it is behind
 * what stands before it. `highest` is the highest before the part, and after it in the reply.
 */
export function lateEntries(
  seen: readonly SeenEntry[],
  highest: EntryOrder,
): { late: SeenEntry[]; highest: EntryOrder } {
  const last = new Map<string, SeenEntry | null>();
  let top = highest;
  for (const one of seen) {
    const isBehind = compareOrders(one.order, top) < 0;
    last.set(one.messageId, isBehind ? one : null);
    if (!isBehind) top = one.order;
  }
  return { late: [...last.values()].filter((one) => one !== null), highest: top };
}
