// Tries the records of the waiting room again, beside the batches.
import { setTimeout as sleep } from "node:timers/promises";
import { RetriableError } from "#libs/errors.ts";
import type { Handling } from "./handle-batch.ts";
import { tryChunk } from "./handle-chunk.ts";
import type { Subscription } from "./ports.ts";
import type { Reader } from "./reader.ts";

/** Due timers must be out 2 s after a fault has healed. */
const TRY_INTERVAL_MS = 500;

type Trying = {
  /** After a crash that may pass it cannot be sent anywhere, until its next assignment brings all again. */
  reader: Pick<Reader, "isConsuming" | "seek">;
  handling: Handling;
  subscriptions: ReadonlyMap<string, Subscription<unknown>>;
};

/** Tries until disposed. A record that waits no more sends its partition back to it. */
export function tryWaiting(trying: Trying): AsyncDisposable {
  const stopping = new AbortController();
  const running = run(trying, stopping.signal);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}

/** Each by itself, so that none waits for another partition's batch; the records of one come in turn by its lock. */
async function run(trying: Trying, stop: AbortSignal): Promise<void> {
  const { room, onFatal } = trying.handling;
  const inHand = new Map<One, Promise<void>>();
  while (!stop.aborted) {
    await sleep(TRY_INTERVAL_MS, undefined, { signal: stop }).catch(() => undefined);
    const due = stop.aborted ? [] : room.toTry().filter((one) => !inHand.has(one));
    for (const one of due) {
      const trial = tryOne(one, trying, stop).catch(onFatal);
      inHand.set(
        one,
        trial.finally(() => inHand.delete(one)),
      );
    }
  }
  await Promise.all(inHand.values());
}

type One = ReturnType<Handling["room"]["toTry"]>[number];

async function tryOne(one: One, trying: Trying, stop: AbortSignal): Promise<void> {
  const { reader, handling, subscriptions } = trying;
  const { alone, health, onProgress, room } = handling;
  const { topic, partition } = one.place;
  const subscription = subscriptions.get(topic);
  if (!subscription) return;
  onProgress(topic, partition);
  health.waits(`${topic}/${partition}`, one.why);
  // A batch may have brought it meanwhile, or the partition is another member's.
  const isDue = () => !stop.aborted && reader.isConsuming() && room.toTry().includes(one);
  await alone(one.place, async () => {
    if (!isDue() || !(await isReady(one, subscription, handling)) || !isDue()) return;
    reader.seek({ topic, partition, offset: room.done(one) });
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
