// Tries the records of the waiting room again, beside the batches.
import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import type { Handling } from "./handle-batch.ts";
import { tryChunk } from "./handle-chunk.ts";
import type { Subscription } from "./ports.ts";

/** Due timers must be out 2 s after a fault has healed. */
const TRY_INTERVAL_MS = 500;

type Trying = {
  consumer: Pick<Consumer, "seek">;
  handling: Handling;
  subscriptions: ReadonlyMap<string, Subscription<unknown>>;
  /** After a crash that may pass kafkajs cannot be sent anywhere, until its next assignment brings all again. */
  isConsuming: () => boolean;
};

/** Tries until disposed. A record that waits no more sends its partition back to it. */
export function tryWaiting(trying: Trying): AsyncDisposable {
  const stopping = new AbortController();
  const running = run(trying, stopping.signal).catch(trying.handling.onFatal);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

async function run(trying: Trying, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await sleep(TRY_INTERVAL_MS, undefined, { signal: stop }).catch(() => undefined);
    if (!stop.aborted) await tryEach(trying, stop);
  }
}

/** Partitions side by side, so that none waits for another's batch; of each its records in turn. */
async function tryEach(trying: Trying, stop: AbortSignal): Promise<void> {
  const { room, health, onProgress } = trying.handling;
  const tries = room.toTry().map((each) => {
    const { topic, partition } = each.place;
    onProgress(topic, partition);
    health.waits(`${topic}/${partition}`, each.why);
    return tryOne(each, trying, stop);
  });
  await Promise.all(tries);
}

type One = ReturnType<Handling["room"]["toTry"]>[number];

async function tryOne(one: One, trying: Trying, stop: AbortSignal): Promise<void> {
  const { consumer, handling, subscriptions, isConsuming } = trying;
  const { alone, room } = handling;
  const { topic, partition } = one.place;
  const subscription = subscriptions.get(topic);
  if (!subscription) return;
  // A batch may have brought it meanwhile, or the partition is another member's.
  const isDue = () => !stop.aborted && isConsuming() && room.toTry().includes(one);
  await alone(one.place, async () => {
    if (!isDue() || !(await isReady(one, subscription, handling)) || !isDue()) return;
    consumer.seek({ topic, partition, offset: room.done(one) });
  });
}

/** Whether it waits no more: its partition brings it again, also if it is a dead letter to be. */
async function isReady(
  { message, place }: One,
  subscription: Subscription<unknown>,
  handling: Handling,
): Promise<boolean> {
  try {
    const own = { ...handling, isOver: () => false };
    return (await tryChunk([message], place, subscription, own)).waiting.length === 0;
  } catch (error) {
    if (error instanceof RetriableError) return false;
    throw error;
  }
}
