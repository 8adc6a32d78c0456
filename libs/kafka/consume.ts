// The consumer loop: whole batches, offsets committed only after all that the records caused is
// acknowledged, poison set aside, faults waited out. Everything here may be delivered again.
import type { Log } from "#libs/telemetry/log.ts";
import { backOffs } from "./back-off.ts";
import { type ConsumerHealth, consumerHealth } from "./consumer-health.ts";
import { failureRun } from "./failure-run.ts";
import { handleBatch } from "./handle-batch.ts";
import { watchLag } from "./lag-watch.ts";
import { offsetResetCount } from "./metrics.ts";
import { openReader } from "./open-reader.ts";
import { placeLock } from "./place-lock.ts";
import type { Consumer, Producer, Subscription } from "./ports.ts";
import type { Place, Reader, ReaderOptions } from "./reader.ts";
import { tryWaiting } from "./try-waiting.ts";
import { waitingRoom } from "./waiting-room.ts";

/** Far above the longest handling of a chunk and the longest rebalance. */
const STANDSTILL_MS = 120_000;

export type ConsumeOptions = Pick<ReaderOptions, "kafka" | "groupId" | "isUnhurried"> & {
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
  const { kafka, groupId, subscriptions, log } = options;
  const byTopic = new Map(subscriptions.map((subscription) => [subscription.topic, subscription]));
  const topics = [...byTopic.keys()];
  await using opened = new AsyncDisposableStack();
  const stopping = new AbortController();
  const onFatal = (error: unknown) => {
    if (!stopping.signal.aborted) options.onFatal(error);
  };
  const isMine = ({ topic, partition }: Place) =>
    reader.partitions()[topic]?.includes(partition) === true;
  const health = consumerHealth({ isMine });
  const reader: Reader = await openReader({
    ...options,
    topics,
    onFatal,
    stopping: stopping.signal,
    onLoss: (place) => passLoss(place, options, health),
    isHeld: (place) => room.heldAt(place) !== undefined,
  });
  opened.use(reader);
  const assigned = reader.partitions;
  const room = waitingRoom(assigned);
  const lagged = { kafka, groupId, topics, assigned, log, onFatal: options.onFatal, health };
  const { onProgress } = opened.use(await watchLag({ ...lagged, standstillMs: STANDSTILL_MS }));
  const own = { waits: backOffs(groupId), failures: failureRun(), room, alone: placeLock() };
  const handling = { ...options, ...own, onProgress, health };
  await reader.run(async (batch) => {
    const subscription = byTopic.get(batch.topic);
    if (subscription) await handleBatch(batch, subscription, handling);
  });
  opened.use(tryWaiting({ reader, handling, subscriptions: byTopic }));
  opened.defer(() => stopping.abort());
  const resources = opened.move();
  return {
    isConsuming: reader.isConsuming,
    whyNotReady: () => {
      const reasons = health.reasons();
      if (reader.isConsuming()) return reasons;
      return [`${groupId} has no place in its group`, ...reasons];
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
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
