// A record of a dead-letter topic as a fetch brings it.
import type { ReadRecord } from "#libs/kafka/batch-records.ts";

type Given = {
  value?: Buffer | null;
  headers?: Record<string, string>;
  offset?: number;
  /** Without any header of ours. */
  bare?: boolean;
};

export function rawLetter({ value = Buffer.from("x"), offset = 0, ...given }: Given): ReadRecord {
  const ours = {
    "ft-dlt-stage": "decide",
    "ft-dlt-reason": "It is odd.",
    "ft-dlt-partition": "3",
    "ft-dlt-offset": "8120",
    "ft-dlt-group": "status-report-consumer",
  };
  const texts: Record<string, string> = given.bare ? {} : { ...ours, ...given.headers };
  const headers = Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]);
  return {
    magicByte: 2,
    attributes: 0,
    timestamp: "1795262400000",
    offset: String(offset),
    key: Buffer.from("m1"),
    value,
    headers: Object.fromEntries(headers),
    isControlRecord: false,
    batchContext: { producerId: "-1", inTransaction: false, isControlBatch: false },
  };
}
