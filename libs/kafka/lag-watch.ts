// Exports a member's lag, and ends one of which a partition stands still while its records wait:
// kafkajs could hang with its heartbeats still going, so that nobody else would take over (kafkajs/new-connection-patch.ts
// has the one cause that is known). It hung broker by broker, so partitions are watched one by one.
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";
import type { Log } from "#libs/telemetry/log.ts";
import { toConnectFault } from "./connect-fault.ts";
import type { ConsumerHealth } from "./consumer-health.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import { kafkajsClient } from "./kafkajs/kafkajs-client.ts";
import { lag, notReady } from "./metrics.ts";
import type { Partitions } from "./reader.ts";

const POLL_INTERVAL_MS = 5_000;

type Watched = {
  kafka: KafkaConfig;
  groupId: string;
  topics: readonly string[];
  /** The member's own partitions: what others leave waiting is theirs to tell. */
  assigned: () => Partitions;
  standstillMs: number;
  /** Is told what waits. */
  health: Pick<ConsumerHealth, "waitingAt" | "isBlind" | "isStopped" | "reasons">;
  log: Log;
  onFatal: (error: unknown) => void;
};

export type LagWatch = AsyncDisposable & {
  /** To be called whenever records of a partition were handled, or wait knowingly. */
  onProgress: (topic: string, partition: number) => void;
};

/** By place: when records of it were last handled, or first seen to wait, epoch ms. */
type ProgressAt = Map<string, number>;

/** Watches until disposed, or until a partition has stood still for `standstillMs`: that is fatal. */
export async function watchLag(watched: Watched): Promise<LagWatch> {
  // Each poll is a try; a stop need not wait for others.
  const admin = kafkajsClient(watched.kafka).admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  const stopping = new AbortController();
  const progressAt: ProgressAt = new Map();
  const watching = watch(admin, progressAt, watched, stopping.signal);
  return {
    onProgress: (topic, partition) => {
      progressAt.set(placeOf(topic, partition), Date.now());
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
  progressAt: ProgressAt,
  watched: Watched,
  stop: AbortSignal,
): Promise<void> {
  const { groupId, standstillMs, health, log, onFatal } = watched;
  while (!stop.aborted) {
    try {
      const waiting = await measureLag(admin, watched);
      // What stands still for a reason that is told does so until somebody comes.
      for (const place of waiting) if (health.isStopped(place)) waiting.delete(place);
      keepWaiting(progressAt, waiting);
      health.waitingAt(waiting);
    } catch (error) {
      // Without a broker nothing can progress, and that is not the consumer's fault.
      progressAt.clear();
      health.isBlind(String(error));
      log.warn({ err: error, groupId }, "lag cannot be measured");
    }
    tellHealth(watched);
    const limit = Date.now() - standstillMs;
    for (const [place, at] of progressAt) {
      if (at >= limit) continue;
      return onFatal(new Error(`Group ${groupId} stands still on ${place} while records wait.`));
    }
    const waitMs = Math.min(POLL_INTERVAL_MS, standstillMs);
    await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

function tellHealth({ groupId, health, log }: Watched): void {
  const reasons = health.reasons();
  notReady.set({ group: groupId }, reasons.length);
  if (reasons.length > 0) log.error({ groupId, reasons }, "a consumer is not ready");
}

/** Only partitions with waiting records can stand still, from when they are first seen to wait. */
function keepWaiting(progressAt: ProgressAt, waiting: ReadonlySet<string>): void {
  for (const place of progressAt.keys()) if (!waiting.has(place)) progressAt.delete(place);
  for (const place of waiting) {
    if (!progressAt.has(place)) progressAt.set(place, Date.now());
  }
}

/** Exports the lag; returns the member's partitions that have one. */
async function measureLag(
  admin: Admin,
  { groupId: group, topics, assigned }: Watched,
): Promise<Set<string>> {
  const waitingAt = new Set<string>();
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
      if (waiting > 0) waitingAt.add(placeOf(topic, partition));
    }
  }
  return waitingAt;
}

function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
