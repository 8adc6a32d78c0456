// A restorer of a test's own, on the broker and registry of the environment, with what it was asked to do.
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { type Contracts, connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes, topics } from "#libs/contracts/topics.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import { openSpanReader } from "#libs/kafka/span-reader.ts";
import { connectProviderIds, type ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import type { Unreadable } from "#libs/restore/read-entries.ts";
import type { Progress } from "#libs/restore/restore-records.ts";
import { type Restoring, restoreShards } from "#libs/restore/restore-shards.ts";
import { brokers, kafka } from "#test/support/kafka.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

export type Restorer = {
  redis: RedisConnection;
  redisUrl: string;
  store: FlowStore;
  providerIds: ProviderIds;
  contracts: Contracts;
  unreadable: Unreadable[];
  readAgain: Record<string, number>[];
  progress: Progress[];
  /** Restores; `changed` takes the place of what it works with. */
  restore(changed?: Partial<Restoring>): Promise<Progress | null>;
};

/** For the journal, whose topic it makes where it is missing. `resources` disposes of it. */
export async function journalProducer(resources: AsyncDisposableStack): Promise<Producer> {
  const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
  await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
  return resources.use(await connectProducer(kafka));
}

/** On a Redis server of its own, which has nothing. `resources` disposes of it. */
export async function startRestorer(
  resources: AsyncDisposableStack,
  shardCount: number,
): Promise<Restorer> {
  const { url } = resources.use(await startRedisServer());
  return restorerAt(url, shardCount, resources);
}

/** On that Redis. `resources` disposes of its connection. */
export async function restorerAt(
  redisUrl: string,
  shardCount: number,
  resources: AsyncDisposableStack,
): Promise<Restorer> {
  const redis = resources.use(await connectRedis({ url: redisUrl, log: kafka.log }));
  const store = await connectFlowStore(redis, { shardCount, log: kafka.log });
  const contracts = await connectContracts({ registryUrl: process.env["SCHEMA_REGISTRY_URL"]! });
  const providerIds = await connectProviderIds({ redis });
  const told = {
    unreadable: [] as Unreadable[],
    readAgain: [] as Record<string, number>[],
    progress: [] as Progress[],
  };
  const restoring: Restoring = {
    store,
    contracts,
    openReader: () => openSpanReader(kafka, topics.messageJournal.name),
    providerIds,
    readAgain: async (since) => void told.readAgain.push({ ...since }),
    setAside: async (one) => void told.unreadable.push(one),
    commandsAgain: async () => undefined,
    leftCommandsAgain: async () => undefined,
    tellAgain: () => async () => undefined,
    onProgress: (progress) => void told.progress.push({ ...progress }),
    now: Date.now,
    stop: new AbortController().signal,
  };
  const restore = (changed: Partial<Restoring> = {}) => restoreShards({ ...restoring, ...changed });
  return { redis, redisUrl, store, providerIds, contracts, ...told, restore };
}

type Given = { epoch?: string; counter?: number; partition?: number };

/** The journal's record of an entry, as the given epoch has it; of a version without epochs if none is. */
export function journalRecordOf(
  entry: JournalEntry,
  contracts: Contracts,
  { epoch, counter = 1, partition = 0 }: Given = {},
): OutgoingRecord {
  const place = { [headerNames.epoch]: epoch ?? "", [headerNames.counter]: String(counter) };
  return {
    topic: topics.messageJournal.name,
    key: entry.messageId,
    value: contracts.journalEntry.encode(entry),
    partition,
    ...(epoch !== undefined && { headers: place }),
  };
}

/** Everything of a store's Redis that a restore writes, but for when it expires. */
export async function dumpOf(redis: RedisConnection): Promise<Record<string, unknown>> {
  const client = redis.at("");
  const keys = (await client.keys("*")).toSorted();
  const values = keys.map(async (key) => {
    const type = await client.type(key);
    if (type === "zset") return client.zrangebyscore(key, "-inf", "+inf", "WITHSCORES");
    if (type === "hash") return await client.hgetall(key);
    if (type !== "string" && type !== "stream") throw new Error(`${key} is a ${type}.`);
    return type === "stream" ? client.xlen(key) : client.getBuffer(key);
  });
  const read = await Promise.all(values);
  // Every opening draws an epoch of its own.
  const named = keys.map((key, index) => [key, key.endsWith(":epoch") ? "open" : read[index]]);
  return Object.fromEntries(named);
}
