// Exports a group's lag, and ends a consumer that stands still while records wait: kafkajs can hang
// with its heartbeats still going, so that nobody else would take over its partitions.
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";
import type { Log } from "#libs/telemetry/log.ts";
import { type KafkaConfig, kafkajsClient } from "./kafkajs-client.ts";
import { lag } from "./metrics.ts";
import type { Subscription } from "./ports.ts";

const POLL_INTERVAL_MS = 5_000;
/** Far above the longest handling of a chunk and the longest rebalance. */
const STANDSTILL_MS = 120_000;

type Watched = {
  kafka: KafkaConfig;
  groupId: string;
  subscriptions: Subscription<unknown>[];
  log: Log;
  onFatal: (error: unknown) => void;
};

/** Watches until disposed. `onProgress` is called whenever records were handled or wait knowingly. */
export async function watchLag(
  watched: Watched,
): Promise<AsyncDisposable & { onProgress: () => void }> {
  const admin = kafkajsClient(watched.kafka).admin();
  await admin.connect();
  const stopping = new AbortController();
  const progress = { at: Date.now() };
  const watching = watch(admin, progress, watched, stopping.signal);
  return {
    onProgress: () => {
      progress.at = Date.now();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await watching;
      await admin.disconnect();
    },
  };
}

async function watch(
  admin: Admin,
  progress: { at: number },
  { groupId, subscriptions, log, onFatal }: Watched,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      const total = await measureLag(admin, groupId, subscriptions);
      if (total === 0) progress.at = Date.now();
    } catch (error) {
      // Without a broker nothing can progress, and that is not the consumer's fault.
      progress.at = Date.now();
      log.warn({ err: error, groupId }, "lag cannot be measured");
    }
    if (Date.now() - progress.at > STANDSTILL_MS) {
      return onFatal(new Error(`Group ${groupId} stands still while records wait.`));
    }
    await sleep(POLL_INTERVAL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function measureLag(
  admin: Admin,
  group: string,
  subscriptions: readonly Subscription<unknown>[],
): Promise<number> {
  const topics = subscriptions.map(({ topic }) => topic);
  const committed = await admin.fetchOffsets({ groupId: group, topics });
  let total = 0;
  for (const { topic, partitions } of committed) {
    const ends = await admin.fetchTopicOffsets(topic);
    const endOf = new Map(ends.map(({ partition, high, low }) => [partition, { high, low }]));
    for (const { partition, offset } of partitions) {
      const { high, low } = endOf.get(partition) ?? { high: "0", low: "0" };
      const waiting = Number(high) - (offset === "-1" ? Number(low) : Number(offset));
      lag.set({ group, topic, partition: String(partition) }, waiting);
      total += waiting;
    }
  }
  return total;
}
