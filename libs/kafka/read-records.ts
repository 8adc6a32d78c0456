// From a broker's bytes to records. What nobody can decode becomes a dead letter, acknowledged
// before its offset is committed: it neither blocks the partition nor vanishes.
import type { Batch, KafkaMessage } from "kafkajs";
import type { Codec } from "#libs/contracts/codec.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { deadLetter } from "./dead-letters.ts";
import { textHeaders } from "./headers.ts";
import type { DeadLetter, IncomingRecord } from "./ports.ts";

type Place = Pick<Batch, "topic" | "partition">;

/**
 * The records that can be decoded, in order, and the dead letters that the others become. Throws
 * RetriableError while the registry is away.
 */
export async function readRecords<T>(
  messages: readonly KafkaMessage[],
  place: Place,
  codec: Codec<T>,
): Promise<{ records: IncomingRecord<T>[]; dead: DeadLetter[] }> {
  const withValue = messages.flatMap((message) => (message.value ? [message.value] : []));
  const reads = (await codec.read(withValue)).values();
  const records: IncomingRecord<T>[] = [];
  const dead: DeadLetter[] = [];
  for (const message of messages) {
    const { value: bytes } = message;
    const read = (bytes && reads.next().value) ?? new PoisonRecordError("The record has no value.");
    if (read instanceof PoisonRecordError) dead.push(deadLetter(message, place, read.reason));
    else if (bytes) records.push(toRecord(message, place, { ...read, bytes }));
  }
  return { records, dead };
}

function toRecord<T>(
  { key, offset, headers, timestamp }: KafkaMessage,
  { topic, partition }: Place,
  read: Pick<IncomingRecord<T>, "value" | "faults" | "bytes">,
): IncomingRecord<T> {
  return {
    topic,
    partition,
    offset,
    key: key?.toString() ?? null,
    ...read,
    headers: textHeaders(headers),
    timestamp: Number(timestamp),
  };
}
