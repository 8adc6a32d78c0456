// The product's processes, made of its own code: everything but the registry, the HTTP listeners, and what
// stands behind its clients for Kafka, Redis and the carriers.

import type { Contracts } from "#libs/contracts/registry.ts";
import { type Channel, dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { DISPATCH_SCRIPTS } from "#libs/dispatch-store/scripts.ts";
import { fallbackRules } from "#libs/fallback/inputs.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { deadLettersTold } from "#libs/kafka/lately-told.ts";
import type { ServiceContext } from "#libs/lifecycle/service.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { consumeInto } from "#libs/message-flow/consume-inputs.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { loadScripts } from "#libs/redis/script.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { Config } from "#services/channel-dispatcher/config.ts";
import { startChannel } from "#services/channel-dispatcher/start-channel.ts";
import { scheduleDelays } from "#services/delay-scheduler/service.ts";
import { subscriptions as requestSubscriptions } from "#services/send-request-consumer/service.ts";
import { subscriptions as reportSubscriptions } from "#services/status-report-consumer/service.ts";
import { watchExpired } from "#services/status-report-consumer/watch-expired.ts";
import { subscriptions as tickSubscriptions } from "#services/timer-tick-consumer/service.ts";
import type { Carriers } from "./carriers.ts";
import type { MemoryBroker } from "./kafka/memory-broker.ts";
import { memoryKafka } from "./kafka/memory-kafka.ts";
import type { KafkaLink } from "./kafka-link.ts";
import type { RedisLink } from "./redis-link.ts";
import type { Process } from "./timeline.ts";
import type { Trace } from "./trace.ts";

/** Small, so that messages meet each other on shards and partitions, and some do not. */
export const SHARD_COUNT = 2;
export const PARTITION_COUNT = 2;
export const CHANNELS = ["whatsapp", "sms"] as const satisfies readonly Channel[];
/** A wait of 60 s takes 3. */
const TIME_SCALE = 0.05;
const TIMER_LEASE_MS = 5_000;
/** Short: a lease of twice this and 3 s is over before a wait of 90 s is. */
const CARRIER_TIMEOUT_MS = 200;

export type Deployment = {
  broker: MemoryBroker;
  kafkaLink: KafkaLink;
  redisLink: RedisLink;
  carriers: Carriers;
  contracts: Contracts;
  settings: SettingsView;
  trace: Trace;
};

type Start = (
  process: Process,
  deployment: Deployment,
  onFatal: (error: unknown) => void,
) => Promise<AsyncDisposable>;

/** By the service's name. To be called as part of the process. */
export const starts: Readonly<Record<string, Start>> = {
  "send-request-consumer": async (process, deployment, onFatal) => {
    const { flow, kafka, context } = await connect(process, deployment, onFatal);
    const subscriptions = await requestSubscriptions(flow);
    return consumeInto(flow, { groupId: "send-request-consumer", kafka, subscriptions }, context);
  },
  "status-report-consumer": async (process, deployment, onFatal) => {
    const { flow, kafka, context } = await connect(process, deployment, onFatal);
    const joining = { ...flow, providerIds: await connectProviderIds(flow) };
    await using opened = new AsyncDisposableStack();
    opened.use(watchExpired(joining));
    const subscriptions = reportSubscriptions(joining);
    const group = { groupId: "status-report-consumer", kafka, subscriptions };
    opened.use(await consumeInto(flow, group, context));
    return opened.move();
  },
  "timer-tick-consumer": async (process, deployment, onFatal) => {
    const { flow, kafka, context } = await connect(process, deployment, onFatal);
    const subscriptions = await tickSubscriptions(flow);
    return consumeInto(flow, { groupId: "timer-tick-consumer", kafka, subscriptions }, context);
  },
  "delay-scheduler": async (process, deployment, onFatal) => {
    const { flow, kafka, context } = await connect(process, deployment, onFatal);
    return scheduleDelays(flow, { kafka, leaseMs: TIMER_LEASE_MS }, context);
  },
  "channel-dispatcher": async (process, deployment, onFatal) => {
    const { flow, kafka, context } = await connect(process, deployment, onFatal);
    const { carriers, contracts, settings } = deployment;
    await loadScripts(flow.redis, DISPATCH_SCRIPTS);
    const adapters = {
      adapterOf: () => {
        throw new Error("No account has connections here.");
      },
      simulatedOf: (channel: Channel) => carriers.adapter(channel, process),
      takerOf: () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
    const { redis, store, producer } = flow;
    const providerIds = await connectProviderIds({ redis });
    const connections = {
      contracts,
      redis,
      store,
      producer,
      providerIds,
      settings,
      adapters,
      ...context,
    };
    await using opened = new AsyncDisposableStack();
    for (const channel of CHANNELS) {
      const place = {
        channel,
        groupId: `channel-dispatcher-${channel}`,
        commandTopic: dispatchTopic(channel),
        reportTopic: topics.statusReports.name,
      };
      opened.use(await startChannel(place, dispatcherConfig(kafka), connections as never));
    }
    return opened.move();
  },
};

function dispatcherConfig(kafka: Config["kafka"]): Config {
  return {
    kafka,
    registryUrl: "",
    redisUrl: "",
    shardCount: SHARD_COUNT,
    timeScale: TIME_SCALE,
    channels: [...CHANNELS],
    carrierUrl: "",
    carrierTimeoutMs: CARRIER_TIMEOUT_MS,
    callsInFlightMax: 4,
    ratePerSecond: 1_000,
    secretsKeys: [Buffer.alloc(32, 7)],
    outward: { allowPrivate: true, ownPorts: new Set<number>() },
  };
}

async function connect(
  process: Process,
  deployment: Deployment,
  onFatal: (error: unknown) => void,
) {
  const { broker, kafkaLink, redisLink, contracts, settings, trace } = deployment;
  const log = trace.log();
  const kafka = {
    brokers: [],
    client: () => memoryKafka(broker, { network: kafkaLink.of(process) }),
  };
  const redis = await redisLink.connect(process);
  const store = await connectFlowStore(redis, { shardCount: SHARD_COUNT, log });
  const producer = await connectProducer({ ...kafka, log });
  const context: ServiceContext = { log, onFatal };
  const flow: ConnectedFlow = {
    store,
    producer,
    contracts,
    redis,
    settings,
    rules: fallbackRules,
    timeScale: TIME_SCALE,
    log,
    letters: deadLettersTold(),
    [Symbol.asyncDispose]: () => producer[Symbol.asyncDispose](),
  };
  return { flow, kafka, context };
}
