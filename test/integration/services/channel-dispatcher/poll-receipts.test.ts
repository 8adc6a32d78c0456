// Receipts that are asked for: one process at a time over real Redis, nothing of what was handed out is lost
// while Kafka is away, and a provider that fails is asked ever less often.
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { nextConnection } from "#libs/connections/next-connection.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { pollTurns } from "#libs/dispatch-store/poll-turns.ts";
import { RetriableError } from "#libs/errors.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import { createLog } from "#libs/telemetry/log.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";
import { type PollDeps, startPolling } from "#services/channel-dispatcher/poll-receipts.ts";
import { infobipCredentials, infobipStatus } from "#test/support/infobip-api.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const WITHIN = { timeout: 20_000, interval: 20 };
const log = createLog("channel-dispatcher", "fatal");
const secretsKeys: SecretsKeys = [Buffer.alloc(32, 7)];

const opened = new AsyncDisposableStack();
let started = new AsyncDisposableStack();
let redis: RedisConnection;
let agent: Agent;

beforeAll(async () => {
  const server = opened.use(await startRedisServer());
  redis = opened.use(await connectRedis({ url: server.url, log }));
  await openOtherStores(redis);
  agent = opened.adopt(new Agent(), (each) => each.close());
});
afterEach(async () => {
  await started.disposeAsync();
  started = new AsyncDisposableStack();
});
afterAll(() => opened.disposeAsync());

function connectionTo(gateway: Receiver) {
  const options = { address: new URL(gateway.url).origin, receipts: "poll" };
  const given = { provider: "infobip", enabled: true, options, credentials: infobipCredentials };
  return nextConnection(given, undefined, { secretsKeys, accountId: "demo" });
}

function settingsOf(bodies: readonly ConnectionSetting[]) {
  const all = bodies.map((body) => ({ accountId: "demo", name: body.guid, body }));
  return { connections: () => all } as never;
}

type Polling = {
  gateway: Receiver;
  taken: StatusReport[];
  start: (more?: Partial<PollDeps>) => void;
};

async function pollable(): Promise<Polling> {
  const gateway = started.use(await startReceiver());
  const body = connectionTo(gateway);
  const taken: StatusReport[] = [];
  const start = (more: Partial<PollDeps> = {}) => {
    const deps: PollDeps = {
      channel: "sms",
      settings: settingsOf([body]),
      secretsKeys,
      calling: { agent, timeoutMs: 2_000 },
      turns: pollTurns(redis, { channel: "sms", leaseMs: 10_000 }),
      publish: async ({ receipts }) => void taken.push(...receipts.reports),
      timeScale: 0.02,
      log,
      ...more,
    };
    started.use(startPolling(deps));
  };
  return { gateway, taken, start };
}

/** Each report once, `sizes[n]` of them in the n-th batch. */
function handOut(gateway: Receiver, sizes: number[]): void {
  let handedCount = 0;
  gateway.answer = () => (response) => {
    const results = Array.from({ length: sizes.shift() ?? 0 }, () => ({
      messageId: `sms.m-${(handedCount += 1)}:0`,
      status: infobipStatus(5),
    }));
    response.end(JSON.stringify({ results }));
  };
}

const idsOf = (reports: readonly StatusReport[]) =>
  reports.map(({ providerMessageId }) => providerMessageId);

it("is read once by several processes, in batches, and a full one is followed at once", async () => {
  const { gateway, taken, start } = await pollable();
  handOut(gateway, [500, 500, 2, 0, 1]);
  start();
  start();
  start();
  await vi.waitFor(() => expect(taken).toHaveLength(1_003), WITHIN);
  expect(new Set(idsOf(taken)).size).toBe(1_003);
  expect(taken.every(({ status }) => status === "DELIVERED")).toBe(true);
});

it("is never asked for again before Kafka has what was handed out", async () => {
  const { gateway, taken, start } = await pollable();
  handOut(gateway, [3, 2]);
  let tryCount = 0;
  const askedAt: number[] = [];
  start({
    publish: async ({ receipts }) => {
      askedAt.push(gateway.received.length);
      tryCount += 1;
      if (tryCount < 3) throw new RetriableError("Kafka is away.");
      taken.push(...receipts.reports);
    },
  });
  await vi.waitFor(() => expect(taken).toHaveLength(5), WITHIN);
  expect(askedAt.slice(0, 3)).toEqual([1, 1, 1]);
  expect(idsOf(taken)).toEqual([1, 2, 3, 4, 5].map((index) => `sms.m-${index}:0`));
});

it("is asked for by another process when the one that had the turn has died", async () => {
  const { gateway, taken, start } = await pollable();
  handOut(gateway, [1]);
  const turns = pollTurns(redis, { channel: "sms", leaseMs: 300 });
  let firstGuid: string | undefined;
  // It takes the turn, and is never heard of again.
  start({
    turns: {
      ...turns,
      take: async (guid) => {
        if (firstGuid === undefined && (await turns.take(guid))) firstGuid = guid;
        return false;
      },
    },
  });
  await vi.waitFor(() => expect(firstGuid).toBeDefined(), WITHIN);
  start();
  await vi.waitFor(() => expect(taken).toHaveLength(1), WITHIN);
});

it("is asked for ever less often where the provider fails, and as ever when it is back", async () => {
  const { gateway, taken, start } = await pollable();
  gateway.answer = () => 500;
  start({ timeScale: 0.1 });
  await vi.waitFor(() => expect(gateway.received.length).toBeGreaterThanOrEqual(2), WITHIN);
  await sleep(1_200);
  // The pauses are 1 s, 2 s and so on; a slower machine asks less.
  expect(gateway.received.length).toBeLessThanOrEqual(3);
  handOut(gateway, [1]);
  await vi.waitFor(() => expect(taken).toHaveLength(1), WITHIN);
});

it("is asked of some at once, and of all in the end", async () => {
  const { gateway, start } = await pollable();
  const nothing = '{"results":[]}';
  const held: ServerResponse[] = [];
  gateway.answer = () => (response) => void held.push(response);
  const bodies = Array.from({ length: 40 }, () => connectionTo(gateway));
  // None comes to its turn twice.
  const calling = { agent, timeoutMs: 60_000 };
  start({ settings: settingsOf(bodies), calling, timeScale: 1_000 });
  await vi.waitFor(() => expect(held).toHaveLength(32), WITHIN);
  await sleep(1_500);
  expect(held).toHaveLength(32);
  gateway.answer = () => (response) => void response.end(nothing);
  for (const each of held) each.end(nothing);
  await vi.waitFor(() => expect(gateway.received).toHaveLength(40), WITHIN);
});
