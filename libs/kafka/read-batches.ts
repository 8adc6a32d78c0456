// Record batches as a broker sends them (https://kafka.apache.org/documentation/#recordbatch), read
// without trust: what is inside was written by others, and a broker passes on what it once took.
// A batch that cannot be read, or would become too large, is told as one `UnreadableBatch` in its
// place; all others are read. Nothing here throws, and nothing takes more memory than the limits say.
import {
  type Batch,
  contentOf,
  HEADER_BYTES,
  MAGIC,
  PREFIX_BYTES,
  readHeader,
} from "./batch-header.ts";
import { type ReadRecord, readRecords } from "./batch-records.ts";

/** What one answer may become of one partition before the rest is left for the next fetch. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** Stands for the records of a batch from `firstOffset` to its own offset, the batch's last one. */
export type UnreadableBatch = ReadRecord & { unreadable: { reason: string; firstOffset: string } };

/** True for what stands for records that could not be read; its value is the whole batch. */
export function isUnreadable(record: object): record is UnreadableBatch {
  return "unreadable" in record;
}

/** All records of an answer's bytes, in order. A batch that is cut off at the end is left out. */
export async function readBatches(answer: Buffer): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  let byteCount = 0;
  let at = 0;
  while (answer.length - at >= HEADER_BYTES && byteCount < ANSWER_BYTES_MAX) {
    const length = PREFIX_BYTES + answer.readInt32BE(at + 8);
    if (length > answer.length - at) break;
    // Where a length is wrong nobody knows where the next batch begins.
    const bytes = length < HEADER_BYTES ? answer.subarray(at) : answer.subarray(at, at + length);
    const read = await readBatch(readHeader(bytes, length, nextOffset(answer, at + bytes.length)));
    for (const record of read.records) records.push(record);
    byteCount += read.byteCount;
    at += bytes.length;
  }
  return records;
}

async function readBatch(batch: Batch) {
  const records: ReadRecord[] = [];
  try {
    const content = await contentOf(batch);
    readRecords(content, batch, records);
    // Compaction leaves batches without records, or without the last ones. Like a marker, what is gone is
    // to be passed: at the end of a segment a broker gives nothing but that batch, again and again.
    const last = Number(records.at(-1)?.offset ?? -1);
    if (last < batch.lastOffset) records.push(placeholder(batch, { isControlRecord: true }));
    return { records, byteCount: content.length };
  } catch (error) {
    records.push(unreadable(batch, records, error));
    // It may have cost as much as a batch may: many bombs in one answer are not undone in one go.
    return { records, byteCount: ANSWER_BYTES_MAX };
  }
}

/** Where the batch behind one begins; undefined at the end of an answer. */
function nextOffset(answer: Buffer, at: number): number | undefined {
  return answer.length - at < 8 ? undefined : Number(answer.readBigInt64BE(at));
}

function unreadable(batch: Batch, records: readonly ReadRecord[], error: unknown): UnreadableBatch {
  const why = error instanceof Error ? error.message : String(error);
  const last = records.at(-1);
  const first = last ? Number(last.offset) + 1 : batch.baseOffset;
  const firstOffset = String(Math.min(first, batch.lastOffset));
  const range = `offsets ${firstOffset} to ${batch.lastOffset}`;
  const reason = `A batch cannot be read (${range}): ${why}.`;
  return { ...placeholder(batch, { value: batch.bytes }), unreadable: { reason, firstOffset } };
}

function placeholder(batch: Batch, given: Partial<ReadRecord>): ReadRecord {
  return {
    magicByte: MAGIC,
    attributes: 0,
    timestamp: String(batch.maxTimestamp),
    offset: String(batch.lastOffset),
    key: null,
    value: null,
    headers: {},
    isControlRecord: batch.context.isControlBatch,
    batchContext: batch.context,
    ...given,
  };
}
