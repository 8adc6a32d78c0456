// The dispatcher on real Kafka, registry and Redis against a real HTTP carrier, for tests of it.
import { randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import type { DispatchCommand, StatusReport } from "#libs/contracts/generated/types.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import type { Config } from "#services/channel-dispatcher/config.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import type { DispatcherSetup } from "#test/support/dispatcher-process.ts";
import { openOtherStores, openShards } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { readTopic } from "#test/support/topic-reader.ts";

const log = createLog("channel-dispatcher", "error");

/**
 * Fresh topics of one channel, with a Redis of its own. `carrierUrl` is the caller's, and so is
 * that the registry has the schemas.
 */
export async function dispatcherBench(given: Partial<Config> & { carrierUrl: string }) {
  const brokers = process.env["KAFKA_BROKERS"]!.split(",");
  const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
  await using opened = new AsyncDisposableStack();
  const contracts = await connectContracts({ registryUrl });
  const producer = opened.use(await connectProducer({ brokers, log }));
  const server = opened.use(await startRedisServer());
  const redis = opened.use(await connectRedis({ url: server.url, log }));
  await openOtherStores(redis);
  await openShards(await connectFlowStore(redis, { shardCount: 16, log }));
  const id = randomUUID().slice(0, 8);
  const [commandTopic, reportTopic] = [`dispatch-${id}`, `status-reports-${id}`];
  const names = [commandTopic, reportTopic, deadLetterTopic(commandTopic)];
  const topics = names.map((name) => ({ name, partitions: 2, replicationFactor: 1, config: {} }));
  await createTopics({ brokers }, topics);
  const reader = opened.use(await readTopic(brokers, reportTopic));
  const dead = opened.use(await readTopic(brokers, deadLetterTopic(commandTopic)));
  const config: Config = {
    kafka: { brokers },
    registryUrl,
    redisUrl: server.url,
    shardCount: 16,
    timeScale: 0.05,
    channels: ["sms"],
    // Far above any stall of a busy machine: a lost answer is told of, and not called for again.
    carrierTimeoutMs: 15_000,
    callsInFlightMax: 64,
    ratePerSecond: 1_000,
    secretsKeys: [Buffer.alloc(32, 7)],
    outward: { allowPrivate: true, ownPorts: new Set<number>() },
    ...given,
  };
  const place = { channel: "sms" as const, groupId: `dispatcher-${id}`, commandTopic, reportTopic };
  const setup: DispatcherSetup = { place, config };
  const reports = (): StatusReport[] =>
    reader.records.map(({ value }) => decodeOwn("status-report", value));
  const resources = opened.move();
  return {
    setup,
    redis,
    contracts,
    reports,
    dead: dead.records,
    publish: (commands: readonly DispatchCommand[]) =>
      producer.publish(
        commands.map((command) => ({
          topic: commandTopic,
          key: command.messageId,
          value: contracts.dispatchCommand.encode(command),
        })),
      ),
    /** The reports as soon as there are `count` of them. */
    untilReports: async (count: number, withinMs = 20_000): Promise<StatusReport[]> => {
      await vi.waitFor(() => expect(reports().length).toBeGreaterThanOrEqual(count), {
        timeout: withinMs,
        interval: 50,
      });
      return reports();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
