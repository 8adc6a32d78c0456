// What of a partition's records counts: a transaction that was aborted never happened.
import type { ReadRecord } from "./batch-records.ts";

/** A transaction that was aborted, and where its producer's first record of it lies: a broker tells them with the records. */
export type Aborted = { producerId: string; first: number };

/** Of a marker that ends a transaction: version 0, kind 0. */
const ABORT = Buffer.from([0, 0, 0, 0]);

/** The records without those of aborted transactions; markers stay. */
export function withoutAborted(
  records: readonly ReadRecord[],
  aborted: readonly Aborted[],
): readonly ReadRecord[] {
  if (aborted.length === 0) return records;
  const coming = aborted.toSorted((one, other) => one.first - other.first);
  const open = new Set<string>();
  return records.filter(({ offset, key, isControlRecord, batchContext }) => {
    while (coming[0] && coming[0].first <= Number(offset)) open.add(coming.shift()!.producerId);
    const { producerId, inTransaction } = batchContext;
    if (isControlRecord && key?.equals(ABORT)) open.delete(producerId);
    return isControlRecord || !inTransaction || !open.has(producerId);
  });
}
