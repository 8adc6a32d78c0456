// How the records of a transition lie in the outbox: any process can publish them again as they are.
import avsc from "avsc";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";

const { Type } = avsc;

const outboxType = Type.forSchema({
  type: "array",
  items: {
    type: "record",
    name: "OutboxRecord",
    fields: [
      { name: "topic", type: "string" },
      { name: "key", type: "string" },
      { name: "value", type: ["null", "bytes"], default: null },
      { name: "partition", type: ["null", "int"], default: null },
      { name: "headers", type: { type: "map", values: "string" }, default: {} },
    ],
  },
});

type OutboxRecord = Required<Omit<OutgoingRecord, "partition">> & { partition: number | null };

/** The records as one value of the outbox. */
export function encodeOutbox(records: readonly OutgoingRecord[]): Buffer {
  return outboxType.toBuffer(records);
}

/** The records as they were encoded. */
export function decodeOutbox(bytes: Buffer): OutgoingRecord[] {
  const records: OutboxRecord[] = outboxType.fromBuffer(bytes);
  return records.map(({ partition, ...record }) =>
    partition === null ? record : { ...record, partition },
  );
}
