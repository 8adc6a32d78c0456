// One channel's dispatcher without Kafka: real Redis and a real provider, its reports in a list.
import { randomUUID } from "node:crypto";
import type {
  DispatchCommand,
  MessageState,
  StatusReport,
} from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { claimStore } from "#libs/dispatch-store/claims.ts";
import { rateLimit } from "#libs/dispatch-store/rate-limit.ts";
import { retryQueue } from "#libs/dispatch-store/retry-queue.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { callGate } from "#services/channel-dispatcher/call-gate.ts";
import { handleCommands } from "#services/channel-dispatcher/handler.ts";
import { startRetryLoop } from "#services/channel-dispatcher/retry-loop.ts";
import { decodeOwn } from "#test/support/decode-own.ts";

type Given = {
  channel: string;
  redis: RedisConnection;
  contracts: Contracts;
  adapter: ProviderAdapter;
  states?: Map<string, MessageState>;
  leaseMs?: number;
  perSecond?: number;
};

export function testDispatcher(given: Given) {
  const { channel, redis, contracts, adapter, states = new Map() } = given;
  const { leaseMs = 1_000, perSecond = 10_000 } = given;
  const reports: StatusReport[] = [];
  const stopping = new AbortController();
  const deps = {
    channel,
    adapter,
    claims: claimStore(redis, { channel, owner: randomUUID(), leaseMs }),
    leaseMs,
    retries: retryQueue(redis, channel),
    reserve: rateLimit(redis, { channel, perSecond }),
    commandCodec: contracts.dispatchCommand,
    reportCodec: contracts.statusReport,
    loadState: async (messageId: string) => ({
      state: states.get(messageId) ?? null,
      nowMs: Date.now(),
    }),
    publish: async ({ report }: { report: Buffer }) => {
      reports.push(decodeOwn("status-report", report));
    },
    timeScale: 0.05,
    stopping: stopping.signal,
    inHand: { running: new Set<string>(), unanswered: new Set<string>() },
    gate: callGate(64),
  };
  const log = createLog("channel-dispatcher", "error");
  const loop = startRetryLoop({ ...deps, log, onFatal: fail });
  return {
    deps,
    /** `reportId` of each report, in order, without its commandId. */
    words: () => reports.map(({ reportId }) => reportId.split(":").slice(2).join(":")),
    reports,
    /** Hands commands over as one batch of records. */
    handle: (...commands: DispatchCommand[]) => handleCommands(commands.map(recordOf), deps),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await loop[Symbol.asyncDispose]();
    },
  };
}

function fail(error: unknown): never {
  throw error;
}

function recordOf(value: DispatchCommand) {
  const place = { topic: `dispatch-${value.channel}`, partition: 0, offset: "0" };
  return {
    ...place,
    key: value.messageId,
    value,
    bytes: Buffer.alloc(0),
    faults: [],
    headers: {},
    timestamp: Date.now(),
  };
}
