// How long an empty Redis takes to hold again what the journal tells: open messages among ten times as many
// that have ended and are still kept. One restorer, with Kafka and Redis on the same cores.
import { randomUUID } from "node:crypto";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { shardOf } from "#libs/flow-store/shard-of.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { openSpanReader } from "#libs/kafka/span-reader.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { restoreShards } from "#libs/restore/restore-shards.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { entryAfter, report, START, sent, threeSteps } from "#test/support/journal-entry.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { requestRecord } from "./bench-kafka.ts";
import type { Bench } from "./throughput.ts";

export type RestoreFigures = {
  openCount: number;
  endedCount: number;
  seconds: number;
  recordsPerSecond: number;
  redisMegabytes: number;
};

const ENDED_PER_OPEN = 10;
const SHARD_COUNT = 16;
const HOUR_MS = 3_600_000;
/** Entries published in one call. */
const CHUNK_COUNT = 2_000;

/** Fills the journal, and restores it into a Redis of its own. */
export async function measureRestore(bench: Bench, openCount: number): Promise<RestoreFigures> {
  const endedCount = openCount * ENDED_PER_OPEN;
  await fillJournal(bench, openCount + endedCount);
  await using server = await startRedisServer();
  const log = createLog("bench", "error");
  await using redis = await connectRedis({ url: server.url, log });
  const store = await connectFlowStore(redis, { shardCount: SHARD_COUNT, log });
  const kafka = { brokers: bench.infrastructure.kafkaBrokers, log };
  const startedAt = performance.now();
  const done = await restoreShards({
    store,
    contracts: bench.contracts,
    providerIds: await connectProviderIds({ redis }),
    openReader: () => openSpanReader(kafka, topics.messageJournal.name),
    readAgain: async () => undefined,
    setAside: async ({ reason }) => {
      throw new Error(reason);
    },
    commandsAgain: async () => undefined,
    leftCommandsAgain: async () => undefined,
    tellAgain: () => async () => undefined,
    onProgress: () => undefined,
    now: Date.now,
    stop: new AbortController().signal,
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const memory = /^used_memory:(\d+)/m.exec(await redis.client.info("memory"))?.[1];
  return {
    openCount,
    endedCount,
    seconds,
    recordsPerSecond: Math.round((done?.doneCount ?? 0) / seconds),
    redisMegabytes: Math.round(Number(memory) / 1024 / 1024),
  };
}

async function fillJournal({ contracts, producer }: Bench, count: number): Promise<void> {
  const { value: request } = requestRecord(contracts, 60);
  const shift = Date.now() - START - HOUR_MS;
  const open = entryOf([sent(threeSteps, { scheduledAt: START + 48 * HOUR_MS })], shift);
  const ended = entryOf(
    [
      sent(threeSteps),
      report(0, "SENT", 500),
      report(0, "DELIVERED", 900),
      report(0, "READ", 5_000),
    ],
    shift,
  );
  for (let from = 0; from < count; from += CHUNK_COUNT) {
    const length = Math.min(CHUNK_COUNT, count - from);
    const records = Array.from({ length }, (_, index): OutgoingRecord => {
      const messageId = randomUUID();
      const isOpen = (from + index) % (ENDED_PER_OPEN + 1) === 0;
      const entry: JournalEntry = { ...(isOpen ? open : ended), messageId, request };
      const place = { [headerNames.epoch]: "000001-00000001", [headerNames.counter]: "1" };
      const value = contracts.journalEntry.encode(entry);
      const partition = shardOf(messageId, SHARD_COUNT);
      return {
        topic: topics.messageJournal.name,
        key: messageId,
        value,
        partition,
        headers: place,
      };
    });
    await producer.publish(records);
  }
}

function entryOf(inputs: FallbackInput[], shiftMs: number): JournalEntry {
  return entryAfter(
    inputs.map((input) => {
      const asked = "requestedAt" in input ? { requestedAt: input.requestedAt + shiftMs } : {};
      const scheduledAt = "scheduledAt" in input ? input.scheduledAt : null;
      const scheduled = scheduledAt === null ? {} : { scheduledAt: scheduledAt + shiftMs };
      return { ...input, ...asked, ...scheduled, at: input.at + shiftMs };
    }),
  );
}
