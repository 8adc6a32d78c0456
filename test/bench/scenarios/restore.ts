// How long an empty Redis takes to hold again what the journal tells: open messages among ten times as many
// that have ended and are still kept. One restorer, with Kafka and Redis on the same cores.
import { randomUUID } from "node:crypto";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { type Contracts, connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes, topics } from "#libs/contracts/topics.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { shardOf } from "#libs/flow-store/shard-of.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import { openSpanReader } from "#libs/kafka/span-reader.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { restoreShards } from "#libs/restore/restore-shards.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { entryAfter, report, START, sent, threeSteps } from "#test/support/journal-entry.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import type { Bench } from "../bench.ts";
import { requestRecord } from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { findInfrastructurePids } from "../machine/infrastructure-pids.ts";
import { measure } from "../measure.ts";
import { usedBytes } from "../peers/peer-redis.ts";
import type { Scenario } from "./scenario.ts";

const ENDED_PER_OPEN = 10;
const HOUR_MS = 3_600_000;
/** Entries published in one call. */
const CHUNK_COUNT = 2_000;

export const restore: Scenario = {
  name: "restore",
  title: "an empty Redis is restored from the journal, of whose messages one in eleven is open",
  event: "open message",
  systems: { ours },
};

/** On a broker of its own, whose journal has nothing else. The restorer is the bench itself. */
async function ours({ plan }: Bench): Promise<Sample> {
  await using infrastructure = await startOwnInfrastructure();
  const { kafkaBrokers: brokers, schemaRegistryUrl: registryUrl, redisUrl } = infrastructure;
  await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
  const contracts = await connectContracts({ registryUrl });
  const log = createLog("bench", "error");
  const kafka = { brokers, log };
  const openCount = plan.restoredCount;
  await using producer = await connectProducer(kafka);
  await fillJournal({ contracts, producer }, openCount * (1 + ENDED_PER_OPEN));
  await using redis = await connectRedis({ url: redisUrl, log });
  const shardCount = defaultTopicSizes.shardCount;
  const store = await connectFlowStore(redis, { shardCount, log });
  const watched = { restorer: process.pid, ...(await findInfrastructurePids(infrastructure)) };
  return await measure({ watched, eventCount: openCount }, async () => {
    const startedAt = performance.now();
    const done = await restoreShards({
      store,
      contracts,
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
    const perSecond = Math.round((done?.doneCount ?? 0) / seconds);
    return { perSecond, mebibytes: Math.round((await usedBytes(redis.client)) / 1_048_576) };
  });
}

type Clients = { contracts: Contracts; producer: Producer };

async function fillJournal({ contracts, producer }: Clients, count: number): Promise<void> {
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
      const partition = shardOf(messageId, defaultTopicSizes.shardCount);
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
