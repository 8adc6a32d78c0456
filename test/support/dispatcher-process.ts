// One channel's dispatcher as a process of its own, to be killed. Argument: its place and settings.
import { Agent } from "undici";
import { connectContracts } from "#libs/contracts/registry.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { guardedSockets } from "#libs/http/outward/guarded-sockets.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";
import { createLog } from "#libs/telemetry/log.ts";
import type { Config } from "#services/channel-dispatcher/config.ts";
import { openAdapters } from "#services/channel-dispatcher/open-adapters.ts";
import { startChannel } from "#services/channel-dispatcher/start-channel.ts";

export type DispatcherSetup = { place: Parameters<typeof startChannel>[0]; config: Config };

/** Connects and starts one channel; disposal stops it as a service would. */
export async function startDispatcher({ place, config }: DispatcherSetup) {
  const log = createLog("channel-dispatcher", "error");
  await using opened = new AsyncDisposableStack();
  const contracts = await connectContracts(config);
  const redis = opened.use(
    await connectRedis({ url: config.redisUrl, ...config.redisAccess, log }),
  );
  const store = await connectFlowStore(redis, { shardCount: config.shardCount, log });
  const producer = opened.use(await connectProducer({ ...config.kafka, log }));
  const providerIds = await connectProviderIds({ redis });
  // Of accounts without connections: the simulated carrier takes everything.
  const settings = settingsStore();
  const agent = opened.adopt(new Agent(), (each) => each.close());
  const connectSocket = guardedSockets({ allowPrivate: true, ownPorts: new Set() });
  const { reportTopic } = place;
  const reached = { contracts, producer, settings, agent, connectSocket, reportTopic, log };
  const adapters = opened.use(openAdapters(config, reached));
  const known = { contracts, redis, store, providerIds, producer, settings, adapters };
  const connections = { ...known, agent, log, onFatal: fail };
  opened.use(await startChannel(place, config, connections));
  return opened.move();
}

function fail(error: unknown): never {
  throw error;
}

const [setup] = process.argv.slice(2);
if (import.meta.main && setup) await startDispatcher(JSON.parse(setup));
