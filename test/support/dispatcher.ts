// One channel's dispatcher without Kafka: real Redis and a real provider, its reports in a list.
import { randomUUID } from "node:crypto";
import { vi } from "vitest";
import { createBell } from "#libs/bell.ts";
import type {
  DispatchCommand,
  MessageState,
  StatusReport,
} from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { dispatchKeys } from "#libs/dispatch-store/keys.ts";
import { type FaultReport, reportFault } from "#libs/errors.ts";
import { consumerHealth } from "#libs/kafka/consumer-health.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import type { Account } from "#libs/settings/account.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { callPlaces } from "#services/channel-dispatcher/call-places.ts";
import { connectionCircuits } from "#services/channel-dispatcher/circuits.ts";
import type { DispatchDeps } from "#services/channel-dispatcher/dispatch-deps.ts";
import { handleCommands } from "#services/channel-dispatcher/handler.ts";
import { startLaneLoop } from "#services/channel-dispatcher/lane-loop.ts";
import type { Route } from "#services/channel-dispatcher/routes.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { openLanes } from "#test/support/open-lanes.ts";

type Given = {
  channel: string;
  redis: RedisConnection;
  providerIds: ProviderIds;
  contracts: Contracts;
  adapter: ProviderAdapter;
  /** Where the account has connections; else the adapter is nobody's. */
  routes?: readonly Route[];
  /** Who took the attempts before; absent: nobody that can be asked. */
  taker?: ProviderAdapter;
  /** What the account says of codes; nothing if it is absent. */
  account?: Pick<Account, "codeRules">;
  states?: Map<string, MessageState>;
  leaseMs?: number;
  perSecond?: number;
  placeCount?: number;
  /** Since when Redis knows the messages' shards, epoch ms; always if it is absent. */
  beganAt?: number;
  /** By when the shards were opened in `epoch`, epoch ms. */
  openedBy?: number;
  epoch?: string;
};

export function testDispatcher(given: Given) {
  const {
    channel,
    redis,
    providerIds,
    contracts,
    adapter,
    account,
    taker,
    states = new Map(),
  } = given;
  const {
    leaseMs = 1_000,
    perSecond: ratePerSecond = 10_000,
    placeCount = 64,
    beganAt = 0,
    openedBy = 0,
    epoch = "",
  } = given;
  const { provider } = adapter;
  const alone = {
    connection: null,
    owner: "",
    provider,
    adapter,
    paces: [],
    hindrance: () => undefined,
  };
  const { routes = [alone] } = given;
  const reports: StatusReport[] = [];
  const buried: { commandId: string; fault: FaultReport }[] = [];
  const bury: DispatchDeps["bury"] = async ({ commandId }, fault) => {
    buried.push({ commandId, fault: reportFault(fault) });
  };
  const stopping = new AbortController();
  const timeScale = 0.05;
  const log = createLog("channel-dispatcher", "fatal");
  const lanes = openLanes(redis, { channel, owner: randomUUID(), leaseMs, ratePerSecond });
  const deps: DispatchDeps = {
    channel,
    routesFor: () => routes,
    findAccount: () => account,
    takerOf: () => taker,
    lanes,
    circuits: connectionCircuits({ channel, lanes, timeScale, log }),
    providerIds,
    places: callPlaces(placeCount),
    bell: createBell(),
    beginWithinMs: leaseMs,
    commandCodec: contracts.dispatchCommand,
    reportCodec: contracts.statusReport,
    knownShards: async (messageIds) => messageIds.map(() => ({ epoch, beganAt })),
    loadState: async (messageId: string) => ({
      state: states.get(messageId) ?? null,
      nowMs: Date.now(),
      epoch,
      openedBy,
    }),
    publish: async ({ report }: { report: Buffer }) => {
      reports.push(decodeOwn("status-report", report));
    },
    bury,
    timeScale,
    stopping: stopping.signal,
    inHand: {
      running: new Set<string>(),
      unanswered: new Map<string, string>(),
      done: new Set<string>(),
    },
    health: consumerHealth(),
    log,
  };
  const loop = startLaneLoop(deps);
  const takeIn = (...commands: DispatchCommand[]) =>
    handleCommands(
      commands.map((command) => recordOf(command, contracts)),
      deps,
    );
  return {
    deps,
    /** `reportId` of each report, in order, without its commandId. */
    words: () => reports.map(({ reportId }) => reportId.split(":").slice(2).join(":")),
    reports,
    buried,
    /** Hands commands over as one batch of records. */
    takeIn,
    /** The same, and waits until each is answered or put off. */
    async handle(...commands: DispatchCommand[]) {
      await takeIn(...commands);
      for (const { commandId } of commands) await settled(commandId, given, deps);
    },
    /** Nothing more is begun, and nobody waits for what is in flight. */
    kill: () => stopping.abort(),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await loop[Symbol.asyncDispose]();
    },
  };
}

async function settled(commandId: string, { channel, redis }: Given, { inHand }: DispatchDeps) {
  const claim = claimKey(channel, commandId);
  const isSettled = async () => {
    const state = await redis.at("").hget(claim, "state");
    return (state === "answered" || state === "delayed") && !inHand.running.has(commandId);
  };
  await vi.waitUntil(isSettled, { timeout: 30_000, interval: 5 });
}

export function claimKey(channel: string, commandId: string): string {
  return `${dispatchKeys(channel).find((key) => key.endsWith(":claim:"))}${commandId}`;
}

function recordOf(value: DispatchCommand, contracts: Contracts) {
  const place = { topic: `dispatch-${value.channel}`, partition: 0, offset: "0" };
  return {
    ...place,
    key: value.messageId,
    value,
    bytes: contracts.dispatchCommand.encode(value),
    faults: [],
    headers: {},
    timestamp: Date.now(),
  };
}
