// Keeps the shards as they should be: restores those that are closed, and does what each needs now and then.
import { setTimeout as sleep } from "node:timers/promises";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { InspectedShard } from "#libs/flow-store/closed-shards.ts";
import { closedShardStore, fixShardCount } from "#libs/flow-store/connect-flow-store.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { FlowStore, OutboxEntry } from "#libs/flow-store/ports.ts";
import type { KafkaConfig } from "#libs/kafka/kafka-config.ts";
import { openSpanReader } from "#libs/kafka/span-reader.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { type Hopeless, setAside } from "#libs/message-flow/set-aside.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { noteReadAgain } from "#libs/read-again/read-again.ts";
import { openStores, readMarks, storesNow } from "#libs/redis/open-script.ts";
import { publishCommandsAgain, publishLeftCommands } from "#libs/restore/commands-again.ts";
import { outboxPages } from "#libs/restore/outbox-pages.ts";
import { outcomesTeller } from "#libs/restore/outcomes-again.ts";
import type { Unreadable } from "#libs/restore/read-entries.ts";
import { rearmKept } from "#libs/restore/rearm-kept.ts";
import type { Progress } from "#libs/restore/restore-records.ts";
import { type Restoring, restoreShards } from "#libs/restore/restore-shards.ts";
import { rewriteScheduled } from "#libs/restore/rewrite-scheduled.ts";
import { closeForLostStores } from "./lost-stores.ts";
import { restoredCount, restoreProgress } from "./metrics.ts";
import { otherStores } from "./other-stores.ts";

/** How often a shard is asked whether its scheduled messages are to be written again. */
const REWRITE_LOOK_MS = 60_000;
const TELL_EVERY_MS = 5_000;

export type ShardKeeper = {
  /** Restores and opens what is closed, and the stores beside the shards then. Throws RetriableError, and may be called again then. */
  restore(): Promise<void>;
  /** Each store beside the shards, with the process that has it and its mark; empty while that is not known of all. */
  stores(): Promise<readonly string[]>;
  /** How far that is, for a person; empty while nothing is restored. */
  progress(): readonly string[];
  /** Writes scheduled messages to the journal again, whenever that is due. */
  rewrite(): Promise<void>;
};

/** Connects nothing of its own. Once `stop` is aborted, all that is at work ends. */
export async function shardKeeper(
  flow: ConnectedFlow,
  kafka: KafkaConfig,
  stop: AbortSignal,
): Promise<ShardKeeper> {
  const { log } = kafka;
  const telling = progressTeller(kafka);
  const openOutcomes = () => openSpanReader(kafka, topics.messageOutcomes.name);
  const { shardCount } = flow.store;
  const closedFlow = (closed: Epoch) => {
    return { ...flow, store: closedShardStore(flow.redis, { shardCount, log }, closed) };
  };
  const restoring: Restoring = {
    ...flow,
    openReader: () => openSpanReader(kafka, topics.messageJournal.name),
    providerIds: await connectProviderIds(flow),
    readAgain: (since) => noteReadAgain(flow.redis, since),
    tellAgain: (sinceMs, closed) => {
      const outboxes = () => outboxesOf(closed, (epoch) => closedFlow(epoch).store);
      return outcomesTeller(sinceMs, { ...flow, openReader: openOutcomes, outboxes });
    },
    leftCommandsAgain: (closed, messageIds) =>
      publishLeftCommands(closed.shard, messageIds, closedFlow(closed)),
    commandsAgain: async (closed) => {
      const flowOfClosed = closedFlow(closed);
      await rearmKept(closed.shard, flowOfClosed);
      await publishCommandsAgain(closed.shard, flowOfClosed);
    },
    setAside: (unreadable) => setAside(deadEntry(unreadable), flow),
    onProgress: (progress) => telling.note(progress),
    now: Date.now,
    stop,
  };
  return {
    async restore() {
      try {
        // First of all: a process with another number of shards may be starting on an emptied Redis.
        await fixShardCount(flow.redis, flow.store.shardCount);
        // The processes on which the shards are open: should others answer by then, they are not.
        const stores = storesNow(flow.redis, otherStores);
        await closeForLostStores(flow.redis, flow.store, stores);
        const done = await restoreShards(restoring);
        if (done) log.info(done, "shards are restored and open");
        await openStores(flow.redis, stores);
      } finally {
        telling.end();
      }
    },
    stores: () => namesOf(flow.redis),
    progress: () => telling.reasons(),
    async rewrite() {
      while (!stop.aborted) {
        for (const shard of Array.from({ length: flow.store.shardCount }).keys()) {
          await rewriteScheduled(shard, flow, Date.now()).catch((error: unknown) => {
            const level = error instanceof RetriableError ? "debug" : "error";
            log[level]({ err: error, shard }, "scheduled messages are written again later");
          });
        }
        await pause(REWRITE_LOOK_MS, stop);
      }
    },
  };
}

async function* outboxesOf(
  closed: readonly InspectedShard[],
  storeOf: (closed: Epoch) => FlowStore,
): AsyncGenerator<OutboxEntry[]> {
  for (const { epoch } of closed) yield* outboxPages(epoch.shard, storeOf(epoch));
}

async function namesOf(redis: ConnectedFlow["redis"]): Promise<string[]> {
  try {
    const stores = storesNow(redis, otherStores);
    const marks = await readMarks(redis, stores);
    return stores.map(({ key, server }, index) => `${key} ${server} ${marks[index]}`);
  } catch (error) {
    if (error instanceof RetriableError) return [];
    throw error;
  }
}

function progressTeller({ log }: KafkaConfig) {
  let now: Progress | null = null;
  let toldAtMs = 0;
  return {
    note(progress: Progress) {
      now = { ...progress };
      restoreProgress.set(shareOf(progress));
      if (performance.now() - toldAtMs < TELL_EVERY_MS) return;
      toldAtMs = performance.now();
      log.info(progress, "shards are being restored");
    },
    end() {
      restoredCount.inc(now?.writtenCount ?? 0);
      now = null;
      restoreProgress.set(1);
    },
    reasons: () => (now ? [`${Math.floor(100 * shareOf(now))} % of the journal is read.`] : []),
  };
}

function shareOf({ doneCount, offsetCount }: Progress): number {
  return offsetCount === 0 ? 1 : Math.min(1, doneCount / offsetCount);
}

function deadEntry({ record: { key, value }, reason }: Unreadable): Hopeless {
  const { name: topic } = topics.messageJournal;
  return { topic, key: Buffer.from(key), bytes: value, stage: "read", reason };
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal: stop }).catch(() => undefined);
}
