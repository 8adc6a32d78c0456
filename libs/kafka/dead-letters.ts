// Where records go that nobody can handle: they wait for a person as they came, with the reason.
import { DEAD_REASON_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { cutText } from "#libs/cut-text.ts";
import { RetriableError, reportFault } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { ConsumerHealth } from "./consumer-health.ts";
import { headerNames, isOfDeadLetter } from "./headers.ts";
import { deadLetterCount } from "./metrics.ts";
import type { DeadLetter, Producer } from "./ports.ts";
import { isUnreadable } from "./read-batches.ts";
import type { Message, Place } from "./reader.ts";

/** Some twenty lines: the way from the handler to the fault. */
const STACK_LENGTH_MAX = 4_000;

/** A record and what was thrown when it was handled by itself. */
export type Failed = { message: Message; fault: unknown };
export type Burying = {
  groupId: string;
  deadLetters: Producer;
  log: Log;
  health: ConsumerHealth;
};

/** Puts records where they wait for a person. Resolves once Kafka has them. */
export async function bury(
  failed: readonly Failed[],
  place: Place,
  { groupId, deadLetters, log, health }: Burying,
): Promise<void> {
  const { topic, partition } = place;
  // Calls of one turn share a send, in which a letter that is refused fails only its own call.
  await Promise.all(failed.map((each) => publishAny(lettersOf(each, place, groupId), deadLetters)));
  for (const { message, fault } of failed) {
    const { stage, reason } = reportFault(fault);
    deadLetterCount.inc({ group: groupId, topic, stage });
    const at = { groupId, topic, partition, offset: message.offset, stage };
    log.error(
      { ...at, reason: cutText(reason, DEAD_REASON_LENGTH_MAX), err: fault },
      "a dead letter",
    );
  }
  const { reason } = reportFault(failed[0]?.fault);
  health.buried(`${topic}/${partition}`, { count: failed.length, reason });
}

/**
 * What becomes of a record that cannot be handled, the best first: it as it came with why it is dead
 * and where it lay, and then with less and less of it, down to what fits anywhere.
 */
function* lettersOf(
  { message, fault }: Failed,
  place: Place,
  groupId: string,
): Generator<DeadLetter> {
  const topic = deadLetterTopic(place.topic);
  const why = { ...whyDead(fault), ...whereFrom(message, place, groupId) };
  const { key, value } = message;
  yield { topic, key, value, headers: { ...writableHeaders(message), ...why } };
  const { deadMissing } = headerNames;
  yield { topic, key, value, headers: { ...why, [deadMissing]: "its headers" } };
  const empty = { topic, key: null, value: null };
  yield { ...empty, headers: { ...why, [deadMissing]: "all of it: read it at its offset" } };
  const { deadReason, deadStage, deadAt } = headerNames;
  const least = { [deadStage]: why[deadStage], [deadAt]: why[deadAt] };
  const where = whereFrom(message, place, groupId);
  yield { ...empty, headers: { ...where, ...least, [deadReason]: "It can only be told of." } };
}

/**
 * Publishes the first letter that Kafka does not refuse. If it refuses even one that is hardly more
 * than a place, the fault is no record's: it is waited for, and told.
 */
async function publishAny(letters: Iterable<DeadLetter>, deadLetters: Producer): Promise<void> {
  let refusal: unknown;
  for (const letter of letters) {
    try {
      await deadLetters.publish([letter]);
      return;
    } catch (error) {
      if (error instanceof RetriableError) throw error;
      refusal = error;
    }
  }
  throw new RetriableError(`No dead letter can be written: ${String(refusal)}`, { cause: refusal });
}

function whyDead(fault: unknown) {
  const { stage, reason, stack } = reportFault(fault);
  return {
    [headerNames.deadReason]: cutText(reason, DEAD_REASON_LENGTH_MAX),
    [headerNames.deadStage]: stage,
    ...(stack === "" ? {} : { [headerNames.deadStack]: cutText(stack, STACK_LENGTH_MAX) }),
    [headerNames.deadAt]: new Date().toISOString(),
  };
}

/** Of records that could not even be parted, the first and the last one. */
function whereFrom(message: Message, { topic, partition }: Place, groupId: string) {
  const isRange = isUnreadable(message);
  return {
    [headerNames.deadGroup]: groupId,
    [headerNames.deadTopic]: topic,
    [headerNames.deadPartition]: String(partition),
    [headerNames.deadOffset]: isRange ? message.unreadable.firstOffset : message.offset,
    ...(isRange ? { [headerNames.deadLastOffset]: message.offset } : {}),
  };
}

/**
 * Kafka knows headers without a value, which the client cannot write: they are left out. So is what another letter said of
 * itself, on a record that somebody has made of one: it would be said of this one.
 */
function writableHeaders({ headers = {} }: Message): DeadLetter["headers"] {
  const entries = Object.entries(headers).map(([name, given]) => {
    const values = [given].flat().filter((value) => value !== undefined && value !== null);
    return [name, values] as const;
  });
  const own = entries.filter(([name, values]) => values.length > 0 && !isOfDeadLetter(name));
  return Object.fromEntries(own);
}
