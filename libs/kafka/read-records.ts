// From a broker's bytes to records. What nobody can decode goes to the dead-letter topic with its
// reason, acknowledged before its offset is committed: it neither blocks the partition nor vanishes.
import type { Batch, KafkaMessage } from "kafkajs";
import type { Codec } from "#libs/contracts/codec.ts";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { headerNames, textHeaders } from "./headers.ts";
import { deadLetterCount } from "./metrics.ts";
import type { IncomingRecord, OutgoingRecord, Producer } from "./ports.ts";

type Place = Pick<Batch, "topic" | "partition">;
type Burying = { groupId: string; deadLetters: Producer; log: Log };

/**
 * The records that can be decoded, in order, and the dead letters that the others become. Throws
 * RetriableError while the registry is away.
 */
export async function readRecords<T>(
  messages: readonly KafkaMessage[],
  place: Place,
  codec: Codec<T>,
): Promise<{ records: IncomingRecord<T>[]; dead: OutgoingRecord[] }> {
  await codec.learn(messages.flatMap(({ value }) => value ?? []));
  const records: IncomingRecord<T>[] = [];
  const dead: OutgoingRecord[] = [];
  for (const message of messages) {
    const read = readRecord(message, place, codec);
    if (read instanceof PoisonRecordError) dead.push(deadLetter(message, place, read.reason));
    else records.push(read);
  }
  return { records, dead };
}

/** Puts dead letters where they wait for a person. Resolves once Kafka has them. */
export async function bury(
  dead: readonly OutgoingRecord[],
  place: Place,
  { groupId, deadLetters, log }: Burying,
): Promise<void> {
  await deadLetters.publish(dead);
  deadLetterCount.inc({ group: groupId, topic: place.topic }, dead.length);
  log.error({ ...toPlace(place), count: dead.length, first: dead[0]?.headers }, "dead letters");
}

function readRecord<T>(
  { key, value, offset, headers, timestamp }: KafkaMessage,
  place: Place,
  codec: Codec<T>,
): IncomingRecord<T> | PoisonRecordError {
  try {
    if (!value) throw new PoisonRecordError("The record has no value.");
    return {
      ...toPlace(place),
      offset,
      key: key?.toString() ?? null,
      value: codec.decode(value),
      headers: textHeaders(headers),
      timestamp: Number(timestamp),
    };
  } catch (error) {
    if (error instanceof PoisonRecordError) return error;
    throw error;
  }
}

function toPlace({ topic, partition }: Place): Place {
  return { topic, partition };
}

function deadLetter(
  { key, value, offset, headers }: KafkaMessage,
  { topic, partition }: Place,
  reason: string,
): OutgoingRecord {
  return {
    topic: deadLetterTopic(topic),
    key: key?.toString() ?? "",
    value,
    headers: {
      ...textHeaders(headers),
      [headerNames.deadReason]: reason,
      [headerNames.deadTopic]: topic,
      [headerNames.deadPartition]: String(partition),
      [headerNames.deadOffset]: offset,
      [headerNames.deadAt]: new Date().toISOString(),
    },
  };
}
