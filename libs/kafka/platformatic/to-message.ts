import type { MessageToProduce } from "@platformatic/kafka";
import { choosePartition } from "../partitioner.ts";
import type { Sendable } from "../ports.ts";

type Bytes = Buffer | string | null | undefined;
type Message = MessageToProduce<Buffer, Buffer | null, Buffer, Buffer | null>;

/** The record as @platformatic/kafka takes it. Throws RetriableError for a partition that is not there. */
export function toMessage(record: Sendable, partitionCount: number): Message {
  const { topic, value, headers } = record;
  const key = toBytes(record.key);
  const wanted = "partition" in record ? record.partition : undefined;
  const place = { topic, partition: wanted, key: key ?? Buffer.alloc(0) };
  return {
    topic,
    partition: choosePartition(place, partitionCount),
    value,
    ...(key && { key }),
    ...(headers && { headers: new Map(pairsOf(headers)) }),
  };
}

/** A name that stands there twice is twice in the map, too: it is another buffer each time. */
function pairsOf(headers: NonNullable<Sendable["headers"]>): [Buffer, Buffer | null][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each): [Buffer, Buffer | null] => [Buffer.from(name), toBytes(each)]),
  );
}

function toBytes(value: Bytes): Buffer | null {
  return typeof value === "string" ? Buffer.from(value) : (value ?? null);
}
