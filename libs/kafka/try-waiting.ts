// Tries the records of the waiting room again, beside the batches.
import { setTimeout as sleep } from "node:timers/promises";
import type { Consumer } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import type { Handling } from "./handle-batch.ts";
import { handleChunk } from "./handle-chunk.ts";
import type { Subscription } from "./ports.ts";

/** Due timers must be out 2 s after a fault has healed. */
const TRY_INTERVAL_MS = 500;

type Trying = {
  consumer: Pick<Consumer, "seek">;
  handling: Handling;
  subscriptions: ReadonlyMap<string, Subscription<unknown>>;
};

/** Tries until disposed. A record that can be handled sends its partition back to it. */
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

async function tryEach({ consumer, handling, subscriptions }: Trying, stop: AbortSignal) {
  const { room, health, onProgress } = handling;
  for (const each of room.toTry()) {
    const { topic, partition } = each.place;
    const subscription = subscriptions.get(topic);
    if (!subscription || stop.aborted) continue;
    onProgress(topic, partition);
    health.waits(`${topic}/${partition}`, each.why);
    if (!(await isHandled(each, subscription, handling))) continue;
    consumer.seek({ topic, partition, offset: room.done(each) });
  }
}

type One = ReturnType<Handling["room"]["toTry"]>[number];

async function isHandled(
  { message, place }: One,
  subscription: Subscription<unknown>,
  handling: Handling,
): Promise<boolean> {
  try {
    const own = { ...handling, isOver: () => false };
    return (await handleChunk([message], place, subscription, own)).length === 0;
  } catch (error) {
    if (error instanceof RetriableError) return false;
    throw error;
  }
}
