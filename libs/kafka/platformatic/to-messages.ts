// What of a partition's bytes is for a reader: no markers, nothing of a transaction that was aborted, nothing before
// the offset that was asked for, as a batch comes whole.
import type { ReadRecord } from "../batch-records.ts";
import { readBatches } from "../read-batches.ts";
import type { Message } from "../reader.ts";
import type { Aborted, Fetched } from "./fetch.ts";

/** Of a marker that ends a transaction: version 0, kind 0. */
const ABORT = Buffer.from([0, 0, 0, 0]);

export type Found = { messages: Message[]; last: string };

/** Undefined where no batch has come whole. `last` is the offset of the last record, marker or not. */
export async function toMessages(
  { bytes, aborted }: Pick<Fetched, "bytes" | "aborted">,
  from: number,
): Promise<Found | undefined> {
  const records = await readBatches(bytes);
  const last = records.at(-1)?.offset;
  if (last === undefined || Number(last) < from) return undefined;
  const messages = withoutAborted(records, aborted).filter(
    ({ isControlRecord, offset }) => !isControlRecord && Number(offset) >= from,
  );
  return { messages, last };
}

function withoutAborted(records: readonly ReadRecord[], aborted: readonly Aborted[]): ReadRecord[] {
  const coming = aborted.toSorted((one, other) => one.first - other.first);
  const open = new Set<string>();
  return records.filter(({ offset, key, isControlRecord, batchContext }) => {
    while (coming[0] && coming[0].first <= Number(offset)) open.add(coming.shift()!.producerId);
    const { producerId, inTransaction } = batchContext;
    if (isControlRecord && key?.equals(ABORT)) open.delete(producerId);
    return isControlRecord || !inTransaction || !open.has(producerId);
  });
}
