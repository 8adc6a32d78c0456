// Where records go that nobody can handle: they wait for a person as they came, with the reason.
import type { Batch, KafkaMessage } from "kafkajs";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { headerNames } from "./headers.ts";
import { deadLetterCount } from "./metrics.ts";
import type { DeadLetter, Producer } from "./ports.ts";

type Place = Pick<Batch, "topic" | "partition">;
type Burying = { groupId: string; deadLetters: Producer; log: Log };

/** What becomes of a record that is poison: its own bytes, why it is dead, and where it lay. */
export function deadLetter(
  { key, value, offset, headers }: KafkaMessage,
  { topic, partition }: Place,
  reason: string,
): DeadLetter {
  const why = {
    [headerNames.deadReason]: reason,
    [headerNames.deadTopic]: topic,
    [headerNames.deadPartition]: String(partition),
    [headerNames.deadOffset]: offset,
    [headerNames.deadAt]: new Date().toISOString(),
  };
  return { topic: deadLetterTopic(topic), key, value, headers: { ...headers, ...why }, why };
}

/** Puts dead letters where they wait for a person. Resolves once Kafka has them. */
export async function bury(
  dead: readonly DeadLetter[],
  { topic, partition }: Place,
  { groupId, deadLetters, log }: Burying,
): Promise<void> {
  // Calls of one turn share a send, in which a letter that is refused fails only its own call.
  await Promise.all(dead.map((letter) => publish(letter, deadLetters)));
  deadLetterCount.inc({ group: groupId, topic }, dead.length);
  log.error({ topic, partition, count: dead.length, first: dead[0]?.why }, "dead letters");
}

/** One that Kafka refuses must not block its partition. */
async function publish(letter: DeadLetter, deadLetters: Producer): Promise<void> {
  try {
    await deadLetters.publish([letter]);
  } catch (error) {
    if (error instanceof RetriableError) throw error;
    await deadLetters.publish([withoutBytes(letter)]);
  }
}

/** Compressed by us, bytes can be more than the topic takes; they still lie where they came from. */
function withoutBytes({ topic, why }: DeadLetter): DeadLetter {
  const reason = `${why[headerNames.deadReason]} Too large to be kept here: read it at its offset.`;
  const headers = { ...why, [headerNames.deadReason]: reason };
  return { topic, key: null, value: null, headers, why };
}
