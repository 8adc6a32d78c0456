// Exports a member's lag, and ends one that stands still while its records wait: kafkajs can hang
// with its heartbeats still going, so that nobody else would take over its partitions.
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";
import type { Log } from "#libs/telemetry/log.ts";
import type { Partitions } from "./assignment.ts";
import { type KafkaConfig, kafkajsClient } from "./kafkajs-client.ts";
import { lag } from "./metrics.ts";

const POLL_INTERVAL_MS = 5_000;

type Watched = {
  kafka: KafkaConfig;
  groupId: string;
  topics: readonly string[];
  /** The member's own partitions: what others leave waiting is theirs to tell. */
  assigned: () => Partitions;
  standstillMs: number;
  log: Log;
  onFatal: (error: unknown) => void;
};

export type LagWatch = AsyncDisposable & {
  /** To be called whenever records were handled, or wait knowingly. */
  onProgress: () => void;
};

/** Watches until disposed, or until the member has stood still for `standstillMs`: that is fatal. */
export async function watchLag(watched: Watched): Promise<LagWatch> {
  // Each poll is a try; a stop need not wait for others.
  const admin = kafkajsClient(watched.kafka).admin({ retry: { retries: 0 } });
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
  watched: Watched,
  stop: AbortSignal,
): Promise<void> {
  const { groupId, standstillMs, log, onFatal } = watched;
  while (!stop.aborted) {
    try {
      if ((await measureLag(admin, watched)) === 0) progress.at = Date.now();
    } catch (error) {
      // Without a broker nothing can progress, and that is not the consumer's fault.
      progress.at = Date.now();
      log.warn({ err: error, groupId }, "lag cannot be measured");
    }
    if (Date.now() - progress.at > standstillMs) {
      return onFatal(new Error(`Group ${groupId} stands still while records wait.`));
    }
    const waitMs = Math.min(POLL_INTERVAL_MS, standstillMs);
    await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

async function measureLag(
  admin: Admin,
  { groupId: group, topics, assigned }: Watched,
): Promise<number> {
  let total = 0;
  const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
  for (const { topic, partitions } of committed) {
    const next = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      const labels = { group, topic, partition: String(partition) };
      if (!assigned()[topic]?.includes(partition)) {
        lag.remove(labels);
        continue;
      }
      // A group without an offset (-1) begins at the oldest record.
      const waiting = Number(high) - Math.max(Number(low), Number(next.get(partition) ?? -1));
      lag.set(labels, waiting);
      total += waiting;
    }
  }
  return total;
}
