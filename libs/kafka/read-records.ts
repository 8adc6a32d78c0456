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
  await codec.learn(messages.flatMap(({ value }) => value ?? []));
  const records: IncomingRecord<T>[] = [];
  const dead: DeadLetter[] = [];
  for (const message of messages) {
    const read = readRecord(message, place, codec);
    if (read instanceof PoisonRecordError) dead.push(deadLetter(message, place, read.reason));
    else records.push(read);
  }
  return { records, dead };
}

function readRecord<T>(
  { key, value, offset, headers, timestamp }: KafkaMessage,
  place: Place,
  codec: Codec<T>,
): IncomingRecord<T> | PoisonRecordError {
  try {
    if (!value) throw new PoisonRecordError("The record has no value.");
    return {
      topic: place.topic,
      partition: place.partition,
      offset,
      key: key?.toString() ?? null,
      value: codec.decode(value),
      bytes: value,
      headers: textHeaders(headers),
      timestamp: Number(timestamp),
    };
  } catch (error) {
    if (error instanceof PoisonRecordError) return error;
    throw error;
  }
}
