// Reads a topic of one partition whole and follows it for ever, for what every process holds in
// memory. Each follower is a group of its own that commits nothing, so each starts at the oldest
// record; after a rejoin it reads from there again and passes over what it has handled.
import { randomUUID } from "node:crypto";
import type { Admin } from "kafkajs";
import { handleApart, noneWaiting } from "#libs/apart.ts";
import { RetriableError } from "#libs/errors.ts";
import { type BackOffs, backOffs } from "./back-off.ts";
import { toConnectFault } from "./connect-fault.ts";
import { toFault } from "./faults.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import { kafkajsClient } from "./kafkajs/kafkajs-client.ts";
import { openReader } from "./open-reader.ts";
import { isUnreadable } from "./read-batches.ts";
import type { Batch, Message } from "./reader.ts";

/** A record as it stands on a compacted topic; without a value it deletes its key. */
export type FollowedRecord = { key: string; value: Buffer | null };

type FollowOptions = {
  kafka: KafkaConfig;
  topic: string;
  /**
   * Takes records in their order. A RetriableError hands the same ones over again; after any other
   * error they come in halves, and the one that fails is passed over, with an error in the log.
   */
  handle: (records: readonly FollowedRecord[]) => Promise<void>;
  /** The follower cannot go on: what it holds would grow old without a word. */
  onFatal: (error: unknown) => void;
};

export type TopicFollower = AsyncDisposable & {
  /**
   * Resolves with the topic's end (the offset of the next record) once everything before it is
   * handled. Throws RetriableError when Kafka is away or that takes longer than 15 s.
   */
  caughtUp(): Promise<number>;
};

/** A group needs up to 3 s to form, and a million settings are read in less than ten. */
const CATCH_UP_LIMIT_MS = 15_000;

/** Starts to follow. Throws RetriableError when Kafka cannot be reached. */
export async function followTopic(options: FollowOptions): Promise<TopicFollower> {
  const { kafka, topic, onFatal } = options;
  await using opened = new AsyncDisposableStack();
  const stopping = new AbortController();
  const admin = kafkajsClient(kafka).admin();
  opened.defer(() => admin.disconnect());
  try {
    await admin.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  const reader = await openReader({
    kafka,
    groupId: `${topic}-follower-${randomUUID()}`,
    topics: [topic],
    onFatal: (error) => {
      if (!stopping.signal.aborted) onFatal(error);
    },
    onLoss: () => "go on",
    // Nothing is committed of what holds no records, as of all else.
    isHeld: () => true,
    stopping: stopping.signal,
  });
  opened.use(reader);
  opened.defer(() => stopping.abort());
  const progress = { position: reachedPosition(), waits: backOffs("follower") };
  await reader.run((batch) => takeBatch(batch, progress, options));
  const resources = opened.move();
  return {
    caughtUp: async () => progress.position.reached(await endOf(admin, topic)),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

type Progress = { position: ReturnType<typeof reachedPosition>; waits: BackOffs };

/** The offset before which everything is handled. */
function reachedPosition() {
  let next = 0;
  const waiting = new Set<{ end: number; resolve: () => void }>();
  return {
    next: () => next,
    reach(offset: number): void {
      next = Math.max(next, offset);
      for (const { end, resolve } of waiting) if (end <= next) resolve();
    },
    async reached(end: number): Promise<number> {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const late = new RetriableError(`Offset ${end} is not reached in ${CATCH_UP_LIMIT_MS} ms.`);
      const timer = setTimeout(() => reject(late), CATCH_UP_LIMIT_MS);
      const waiter = { end, resolve };
      waiting.add(waiter);
      if (end <= next) resolve();
      await promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(waiter);
      });
      return end;
    },
  };
}

async function takeBatch(
  batch: Batch,
  { position, waits }: Progress,
  options: FollowOptions,
): Promise<void> {
  const { kafka, onFatal } = options;
  try {
    const fresh = batch.messages.filter(({ offset }) => Number(offset) >= position.next());
    await takeRecords(fresh, options);
    batch.resolve(batch.last);
    position.reach(Number(batch.last) + 1);
    waits.reset(batch);
  } catch (error) {
    const resume = batch.pause();
    if (!(error instanceof RetriableError)) return onFatal(error);
    kafka.log.warn({ err: error, topic: batch.topic }, "a follower waits");
    setTimeout(resume, waits.next(batch)).unref();
  }
}

/** A record that is odd is passed over, and told. */
async function takeRecords(messages: readonly Message[], options: FollowOptions): Promise<void> {
  const { topic, kafka, handle } = options;
  const records = messages.filter((each) => isRead(each, options)).map(toRecord);
  for (const { item, fault } of noneWaiting(await handleApart(records, handle))) {
    kafka.log.error({ err: fault, topic, key: item.key }, "a record is passed over");
  }
}

/** No dead letter: every process follows the topic, and each would write one. */
function isRead(message: Message, { topic, kafka }: FollowOptions): boolean {
  if (!isUnreadable(message)) return true;
  kafka.log.error({ topic, reason: message.unreadable.reason }, "records are passed over");
  return false;
}

function toRecord({ key, value }: Message): FollowedRecord {
  return { key: key?.toString() ?? "", value };
}

async function endOf(admin: Admin, topic: string): Promise<number> {
  try {
    const [partition] = await admin.fetchTopicOffsets(topic);
    return Number(partition?.high ?? 0);
  } catch (error) {
    throw toFault(error, `tell the end of ${topic}`);
  }
}
