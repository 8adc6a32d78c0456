// The consumer loop: whole batches, offsets committed only after all that the records caused is
// acknowledged, poison set aside, faults waited out. Everything here may be delivered again.
import type { Consumer as KafkajsConsumer } from "kafkajs";
import type { Log } from "#libs/telemetry/log.ts";
import { backOffs } from "./back-off.ts";
import { toConnectFault } from "./connect-fault.ts";
import { type ConsumerHealth, consumerHealth, type Place } from "./consumer-health.ts";
import { failureRun } from "./failure-run.ts";
import { toFault } from "./faults.ts";
import { handleBatch } from "./handle-batch.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import { followAssignment } from "./kafkajs/assignment.ts";
import { createMember, followLife, passMarkers } from "./kafkajs/group-member.ts";
import { onOffsetReset } from "./kafkajs/offset-reset-patch.ts";
import { watchLag } from "./lag-watch.ts";
import { offsetResetCount } from "./metrics.ts";
import { placeLock } from "./place-lock.ts";
import type { Consumer, Producer, Subscription } from "./ports.ts";
import { tryWaiting } from "./try-waiting.ts";
import { waitingRoom } from "./waiting-room.ts";

/** All partitions that one fetch brings at once; the next fetch waits for the slowest of them. */
const PARTITION_COUNT_MAX = 64;
/** Far above the longest handling of a chunk and the longest rebalance. */
const STANDSTILL_MS = 120_000;

export type ConsumeOptions = {
  kafka: KafkaConfig;
  groupId: string;
  subscriptions: Subscription<unknown>[];
  /** Takes what cannot be handled. */
  deadLetters: Producer;
  log: Log;
  /** The consumer cannot go on, nothing of the failed records is committed: end the process. */
  onFatal: (error: unknown) => void;
};

/**
 * Joins the group and handles records until disposed; a new group starts at the oldest record.
 * Disposal lets the records in hand end and commits them. Throws RetriableError when Kafka is away,
 * or does not know a topic yet.
 */
export async function consume(options: ConsumeOptions): Promise<Consumer> {
  const { kafka, groupId, subscriptions, log, onFatal } = options;
  const topics = subscriptions.map(({ topic }) => topic);
  await using opened = new AsyncDisposableStack();
  const stopping = new AbortController();
  const consumer = createMember(kafka, groupId, stopping.signal);
  opened.defer(() => consumer.disconnect());
  const assignment = followAssignment(consumer);
  const isConsuming = followLife(consumer, (error) => {
    if (!stopping.signal.aborted) onFatal(error);
  });
  await connect(consumer, topics);
  const isMine = ({ topic, partition }: Place) =>
    assignment.partitions()[topic]?.includes(partition) === true;
  const health = consumerHealth({ isMine });
  opened.use(onOffsetReset(groupId, (place) => passLoss(place, options, health)));
  const lagged = { kafka, groupId, topics, assigned: assignment.partitions, log, onFatal, health };
  const { onProgress } = opened.use(await watchLag({ ...lagged, standstillMs: STANDSTILL_MS }));
  const room = waitingRoom(assignment.partitions);
  passMarkers(consumer, (place) => room.heldAt(place) !== undefined);
  const own = { waits: backOffs(groupId), failures: failureRun(), room, alone: placeLock() };
  const handling = { ...options, ...own, assignment, onProgress, health };
  const byTopic = new Map(subscriptions.map((subscription) => [subscription.topic, subscription]));
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: PARTITION_COUNT_MAX,
    eachBatch: async (payload) => {
      const subscription = byTopic.get(payload.batch.topic);
      if (subscription) await handleBatch(payload, subscription, handling);
    },
  });
  opened.use(tryWaiting({ consumer, handling, subscriptions: byTopic, isConsuming }));
  opened.defer(() => stopping.abort());
  const resources = opened.move();
  return {
    isConsuming,
    whyNotReady: () => {
      const reasons = health.reasons();
      return isConsuming() ? reasons : [`${groupId} has no place in its group`, ...reasons];
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function connect(consumer: KafkajsConsumer, topics: string[]): Promise<void> {
  try {
    await consumer.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  try {
    await consumer.subscribe({ topics, fromBeginning: true });
  } catch (error) {
    throw toFault(error, `let ${topics.join(", ")} be consumed`);
  }
}

/** Tells of records that are gone, and whether their partition stops. */
function passLoss(
  place: Place,
  { groupId, subscriptions, log }: ConsumeOptions,
  health: ConsumerHealth,
): "stop" | "go on" {
  const { topic, partition } = place;
  const { comesAgain = false } = subscriptions.find((each) => each.topic === topic) ?? {};
  offsetResetCount.inc({ group: groupId, topic });
  log.error(
    { groupId, topic, partition, comesAgain },
    "records were deleted before they were read",
  );
  if (comesAgain) health.lost(`${topic}/${partition}`);
  else health.stopped(place, groupId);
  return comesAgain ? "go on" : "stop";
}
