// One channel's dispatcher: its lanes, what serves them, and its consumer.
import { randomUUID } from "node:crypto";
import type { Dispatcher } from "undici";
import { createBell } from "#libs/bell.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { LOOK_UP_MS_MAX } from "#libs/contracts/limits.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import { dispatchLanes } from "#libs/dispatch-store/lanes.ts";
import { pollTurns } from "#libs/dispatch-store/poll-turns.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { shardWaitedFor } from "#libs/flow-store/shard-closed.ts";
import { consume } from "#libs/kafka/consume.ts";
import { consumerHealth } from "#libs/kafka/consumer-health.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { IncomingRecord, Producer, Subscription } from "#libs/kafka/ports.ts";
import type { RunningService, ServiceContext } from "#libs/lifecycle/service.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { receiptRecords } from "#libs/providers/receipt-records.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import { buryCommand } from "./bury-command.ts";
import { callPlaces } from "./call-places.ts";
import { connectionCircuits } from "./circuits.ts";
import type { Config } from "./config.ts";
import type { DispatchDeps } from "./dispatch-deps.ts";
import { handleCommands } from "./handler.ts";
import { startLaneLoop } from "./lane-loop.ts";
import { knownShards, loadState } from "./load-state.ts";
import type { Adapters } from "./open-adapters.ts";
import { type PollDeps, startPolling } from "./poll-receipts.ts";
import { routesFrom } from "./routes.ts";

type Connections = ServiceContext & {
  contracts: Contracts;
  redis: RedisConnection;
  store: FlowStore;
  providerIds: ProviderIds;
  producer: Producer;
  settings: Pick<SettingsView, "connectionsOf" | "connections" | "findAccount">;
  adapters: Adapters;
  /** Reaches the providers that are asked for receipts. */
  agent: Dispatcher;
};

/** Where a channel's commands come from, and where their reports go. */
type Place = { channel: Channel; groupId: string; commandTopic: string; reportTopic: string };

/** Starts to consume a channel's commands. Disposal lets the calls in flight end, and no other. */
export async function startChannel(
  place: Place,
  config: Config,
  connections: Connections,
): Promise<RunningService> {
  const { log, contracts, producer } = connections;
  const { channel, groupId, commandTopic: topic } = place;
  await using opened = new AsyncDisposableStack();
  const stopping = new AbortController();
  const { settings, adapters } = connections;
  const routesFor = routesFrom({ settings, adapters, channel });
  const work = dispatchDeps(place, config, connections);
  const { findAccount } = settings;
  const takerOf: DispatchDeps["takerOf"] = (left, accountId) => adapters.takerOf(left, accountId);
  const deps = { ...work, routesFor, takerOf, findAccount, stopping: stopping.signal };
  const codec = contracts.dispatchCommand;
  const handle = (records: readonly IncomingRecord<DispatchCommand>[]) =>
    handleCommands(records, deps);
  const commands: Subscription<DispatchCommand> = {
    topic,
    codec,
    handle,
    waitsFor: shardWaitedFor(connections.store),
  };
  const consumer = opened.use(
    await consume({
      kafka: { ...config.kafka, log },
      groupId,
      subscriptions: [commands],
      deadLetters: producer,
      log,
      onFatal: (error) => connections.onFatal(error),
    }),
  );
  const loop = opened.use(startLaneLoop(deps));
  opened.use(startPolling(pollDeps(place, config, connections)));
  // The last in is the first out: nothing begins any more while the rest is drained.
  opened.defer(() => stopping.abort());
  const resources = opened.move();
  return {
    whyNotReady: () => [...consumer.whyNotReady(), ...loop.whyNotReady()],
    degraded: () => deps.circuits.degraded(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function pollDeps(
  { channel, reportTopic: topic }: Place,
  { carrierTimeoutMs: timeoutMs, secretsKeys, timeScale }: Config,
  { agent, contracts, producer, redis, settings, log }: Connections,
): PollDeps {
  const records = { topic, codec: contracts.statusReport, now: Date.now };
  return {
    channel,
    settings,
    secretsKeys,
    calling: { agent, timeoutMs },
    // A connect, an answer, and the time that Kafka takes for a batch.
    turns: pollTurns(redis, { channel, leaseMs: 3 * timeoutMs + 10_000 }),
    publish: async (batch) => producer.publish(await receiptRecords(batch, records)),
    timeScale,
    log,
  };
}

function dispatchDeps(
  { channel, groupId, commandTopic, reportTopic: topic }: Place,
  { carrierTimeoutMs, ratePerSecond, callsInFlightMax, timeScale }: Config,
  { contracts, redis, store, producer, providerIds, log }: Connections,
): Omit<DispatchDeps, "routesFor" | "takerOf" | "findAccount" | "stopping"> {
  const beginWithinMs = carrierTimeoutMs + 1_000;
  // A call can take a connect and an answer, and asking for it some more: beyond that its dispatcher is gone.
  const leaseMs = beginWithinMs + carrierTimeoutMs + LOOK_UP_MS_MAX;
  const owner = randomUUID();
  const lanes = dispatchLanes(redis, { channel, owner, leaseMs, ratePerSecond });
  const health = consumerHealth();
  const burying = { topic: commandTopic, groupId, deadLetters: producer, log, health };
  return {
    channel,
    lanes,
    circuits: connectionCircuits({ channel, lanes, timeScale, log }),
    providerIds,
    places: callPlaces(callsInFlightMax),
    bell: createBell(),
    beginWithinMs,
    commandCodec: contracts.dispatchCommand,
    reportCodec: contracts.statusReport,
    knownShards: (messageIds) => knownShards(messageIds, store),
    loadState: (messageId) => loadState(messageId, { store, contracts }),
    async publish({ messageId: key, report: value, traceparent }) {
      const headers = traceparent ? { headers: { [headerNames.traceparent]: traceparent } } : {};
      await producer.publish([{ topic, key, value, ...headers }]);
    },
    bury: (taken, fault) => buryCommand(taken, fault, burying),
    timeScale,
    inHand: { running: new Set(), unanswered: new Map(), done: new Set() },
    health,
    log,
  };
}
