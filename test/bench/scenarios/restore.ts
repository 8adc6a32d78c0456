// How long an empty Redis takes to hold again what the journal tells: open messages among ten times as many
// that have ended and are still kept. One restorer, with Kafka and Redis on the same cores.
import { setTimeout } from "node:timers/promises";
import { migrate } from "#libs/contracts/migrate.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes, topics } from "#libs/contracts/topics.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { openSpanReader } from "#libs/kafka/span-reader.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { restoreShards } from "#libs/restore/restore-shards.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import type { Bench } from "../bench.ts";
import type { Sample } from "../figures/results.ts";
import { pin } from "../machine/cores.ts";
import { findInfrastructurePids } from "../machine/infrastructure-pids.ts";
import { measure } from "../measure.ts";
import { usedBytes } from "../peers/peer-redis.ts";
import { fillJournal } from "./fill-journal.ts";
import type { Scenario } from "./scenario.ts";

const ENDED_PER_OPEN = 10;

export const restore: Scenario = {
  name: "restore",
  title: "an empty Redis is restored from the journal, of whose messages one in eleven is open",
  event: "open message",
  systems: { ours },
};

/**
 * On a broker of its own, whose journal has nothing else. The restorer is the bench itself, which has what is
 * measured's cores meanwhile.
 */
async function ours({ plan, cores }: Bench): Promise<Sample> {
  await using infrastructure = await startOwnInfrastructure();
  const { kafkaBrokers: brokers, schemaRegistryUrl: registryUrl, redisUrl } = infrastructure;
  await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
  const contracts = await connectContracts({ registryUrl });
  const log = createLog("bench", "error");
  const kafka = { brokers, log };
  const openCount = plan.restoredCount;
  await using producer = await connectProducer(kafka);
  const { shardCount } = defaultTopicSizes;
  const openEvery = 1 + ENDED_PER_OPEN;
  await fillJournal(
    { contracts, producer, shardCount },
    { count: openCount * openEvery, openEvery },
  );
  // What came within the last minute is read twice. Of nine days that is next to nothing, so here it is one message.
  await setTimeout(plan.restMs);
  await fillJournal({ contracts, producer, shardCount }, { count: 1, openEvery });
  await using redis = await connectRedis({ url: redisUrl, log });
  const store = await connectFlowStore(redis, { shardCount, log });
  const watched = { restorer: process.pid, ...(await findInfrastructurePids(infrastructure)) };
  await using moved = new AsyncDisposableStack();
  if (cores) {
    await pin([process.pid], cores.measured);
    moved.defer(async () => void (await pin([process.pid], cores.servers)));
  }
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
    return { perSecond, mebibytes: Math.round((await usedBytes(redis.at(""))) / 1_048_576) };
  });
}
