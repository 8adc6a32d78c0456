// Connects what moving messages needs, once for each service.
import { checkShardCount } from "#libs/contracts/check-shard-count.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { fallbackRules } from "#libs/fallback/inputs.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { deadLettersTold } from "#libs/kafka/lately-told.ts";
import type { ServiceContext } from "#libs/lifecycle/service.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { connectSettings, type SettingsView } from "#libs/settings/connect-settings.ts";
import type { Flow } from "./flow.ts";
import type { FlowConfig } from "./flow-config.ts";

export type ConnectedFlow = Flow &
  AsyncDisposable & { redis: RedisConnection; settings: SettingsView };

/** Rejects when a dependency cannot be reached or does not fit; disposal closes the connections. */
export async function connectFlow(
  config: FlowConfig,
  context: ServiceContext,
): Promise<ConnectedFlow> {
  const { log } = context;
  await using opened = new AsyncDisposableStack();
  const contracts = await connectContracts(config);
  const redis = opened.use(
    await connectRedis({ url: config.redisUrl, ...config.redisAccess, log }),
  );
  const producer = opened.use(await connectProducer({ ...config.kafka, log }));
  await checkShardCount({ ...config.kafka, log }, config.shardCount);
  const store = await connectFlowStore(redis, { shardCount: config.shardCount, log });
  const { kafka } = config;
  const settings = opened.use(await connectSettings({ kafka, contracts, ...context }));
  const resources = opened.move();
  return {
    store,
    producer,
    contracts,
    redis,
    settings,
    rules: fallbackRules,
    timeScale: config.timeScale,
    log,
    letters: deadLettersTold(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
