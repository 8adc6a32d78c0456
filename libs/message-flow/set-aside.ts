// What can never be published or carried out goes to the dead letters of its topic, with the reason,
// is counted, and makes who did it not ready for a minute: nothing of the outbox or the timers holds up what stands behind it.
import { DEAD_REASON_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { cutText } from "#libs/cut-text.ts";
import { RetriableError, type Stage } from "#libs/errors.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { DeadLettersTold } from "#libs/kafka/lately-told.ts";
import type { DeadLetter, Producer } from "#libs/kafka/ports.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { setAsideCount } from "./metrics.ts";

export type SettingAside = { producer: Producer; log: Log; letters: DeadLettersTold };

/** `bytes`: what can be kept of it; null where it is too large to be kept. */
export type Hopeless = {
  topic: string;
  key: Buffer;
  bytes: Buffer | null;
  stage: Stage;
  reason: string;
};

/** Resolves once the dead letter is in Kafka. Throws RetriableError while Kafka is away. */
export async function setAside(
  { topic, key, bytes, stage, reason }: Hopeless,
  { producer, log, letters }: SettingAside,
): Promise<void> {
  const headers = {
    [headerNames.deadReason]: cutText(reason, DEAD_REASON_LENGTH_MAX),
    [headerNames.deadStage]: stage,
    [headerNames.deadTopic]: topic,
    [headerNames.deadAt]: new Date().toISOString(),
  };
  const letter: DeadLetter = { topic: deadLetterTopic(topic), key, value: bytes, headers };
  setAsideCount.inc({ topic });
  letters.buried(topic, { count: 1, reason });
  log.error({ topic, stage, reason }, "set aside");
  try {
    await producer.publish([letter]);
  } catch (error) {
    if (error instanceof RetriableError || bytes === null) throw error;
    await producer.publish([{ ...letter, value: null }]);
  }
}
