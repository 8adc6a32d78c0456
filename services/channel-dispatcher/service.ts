// Hands attempts to providers: one consumer group and one set of lanes for each channel.
import { checkShardCount } from "#libs/contracts/check-shard-count.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { DISPATCH_SCRIPTS } from "#libs/dispatch-store/scripts.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { guardedAgent } from "#libs/http/outward/guarded-agent.ts";
import { guardedSockets } from "#libs/http/outward/guarded-sockets.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { loadScripts } from "#libs/redis/script.ts";
import { connectSettings } from "#libs/settings/connect-settings.ts";
import { type Config, readConfig } from "./config.ts";
import { openAdapters } from "./open-adapters.ts";
import { startChannel } from "./start-channel.ts";

export const channelDispatcher: ServiceDefinition<Config> = {
  name: "channel-dispatcher",
  readConfig,
  start: startChannelDispatcher,
};

async function startChannelDispatcher(
  config: Config,
  context: ServiceContext,
): Promise<RunningService> {
  const { log } = context;
  await using opened = new AsyncDisposableStack();
  const contracts = await connectContracts(config);
  const redis = opened.use(
    await connectRedis({ url: config.redisUrl, ...config.redisAccess, log }),
  );
  await loadScripts(redis, DISPATCH_SCRIPTS);
  await checkShardCount({ ...config.kafka, log }, config.shardCount);
  const store = await connectFlowStore(redis, { shardCount: config.shardCount, log });
  const producer = opened.use(await connectProducer({ ...config.kafka, log }));
  const providerIds = await connectProviderIds({ redis });
  const settings = opened.use(await connectSettings({ ...config, ...context, contracts }));
  const guarded = guardedAgent({ ...config.outward, timeoutMs: config.carrierTimeoutMs });
  const agent = opened.adopt(guarded, (each) => each.close());
  const connectSocket = guardedSockets(config.outward);
  const reportTopic = topics.statusReports.name;
  const reached = { agent, connectSocket, contracts, producer, settings, reportTopic, log };
  const adapters = opened.use(openAdapters(config, reached));
  const connections = { contracts, redis, store, producer, providerIds, settings, adapters };
  const starts = config.channels.map(async (channel) => {
    const groupId = `${channelDispatcher.name}-${channel}`;
    const place = { channel, groupId, commandTopic: dispatchTopic(channel), reportTopic };
    return opened.use(await startChannel(place, config, { ...connections, agent, ...context }));
  });
  // If one fails, the others are started to the end first, so that they can be disposed.
  await Promise.allSettled(starts);
  const started = await Promise.all(starts);
  const resources = opened.move();
  return {
    whyNotReady: () => [
      ...redis.clocks.whyNotReady(),
      ...started.flatMap((channel) => channel.whyNotReady()),
    ],
    degraded: () => started.flatMap((channel) => channel.degraded?.() ?? []),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
