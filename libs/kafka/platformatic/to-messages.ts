// What of a partition's bytes is for a reader: no markers, nothing of a transaction that was aborted, nothing before
// the offset that was asked for, as a batch comes whole.
import { readBatches } from "../read-batches.ts";
import type { Message } from "../reader.ts";
import { withoutAborted } from "../without-aborted.ts";
import type { Fetched } from "./fetch.ts";

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
