// What tests of the webhook-notifier share: a Redis of their own, endpoints, a message's entries.
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { type Contracts, connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { callbackLane } from "#libs/webhook-queue/keys.ts";
import { entryAfter, report, START, sent, step } from "#test/support/journal-entry.ts";
import {
  startNotifier,
  type TestNotifier,
  testSettings,
  withRequest,
} from "#test/support/notifier.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

type More = Partial<Parameters<typeof startNotifier>[0]>;

export const WITHIN = { timeout: 30_000, interval: 20 };
/** What 8x8's shape tells of the bench's message. */
export const ALL_STATES = ["whatsapp sent", "whatsapp undelivered", "sms delivered"];
/** Gives up after some tries: more than one, also where the machine is busy. */
export const giveUpSoon = { delaysMs: [100], delayMaxMs: 100, giveUpAfterMs: 1_500 };

const steps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
const inputs = [
  sent(steps),
  report(0, "SENT", 100),
  report(0, "FAILED", 200),
  report(1, "DELIVERED", 400),
];

/** Starts a Redis before the tests of a file, and ends after each what it has started. */
export function webhookBench() {
  let server: RedisServer;
  let contracts: Contracts;
  const started = new Set<AsyncDisposable>();
  const receivers = new Set<Receiver>();

  beforeAll(async () => {
    server = await startRedisServer(["--appendonly", "yes"]);
    const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
    await registerSchemas({ registryUrl });
    contracts = await connectContracts({ registryUrl });
  });
  afterAll(() => server[Symbol.asyncDispose]());
  afterEach(async () => {
    for (const each of [...started].toReversed()) await each[Symbol.asyncDispose]();
    started.clear();
    receivers.clear();
    // What one test left in the queue, the next one must not deliver.
    await flush();
  });

  async function flush(): Promise<void> {
    await using redis = await connectRedis({ url: server.url, log: createLog("test", "fatal") });
    await redis.at("").flushall();
    await openOtherStores(redis);
  }

  /** As the delay-scheduler does once it has restored what was lost. */
  async function openAnew(): Promise<void> {
    await using redis = await connectRedis({ url: server.url, log: createLog("test", "fatal") });
    await openOtherStores(redis);
  }

  return {
    receiver: async (): Promise<Receiver> => {
      const lanes = new Set([...receivers].map(laneOf));
      let one = await startReceiver();
      // Another port, where a lane would be shared with another receiver of the test.
      for (; lanes.has(laneOf(one)); one = await startReceiver()) started.add(one);
      started.add(one);
      receivers.add(one);
      return one;
    },
    notifier: async (more: More = {}): Promise<TestNotifier> => {
      const settings = testSettings();
      const one = await startNotifier({ redisUrl: server.url, contracts, settings, ...more });
      started.add(one);
      return one;
    },
    /** Ends a notifier before the test does. */
    end: async (notifier: TestNotifier): Promise<void> => {
      started.delete(notifier);
      await notifier[Symbol.asyncDispose]();
    },
    /** Puts something odd where it does not belong. */
    spoil: async (key: string): Promise<void> => {
      await using redis = await connectRedis({ url: server.url, log: createLog("test", "fatal") });
      await redis.at("").set(key, "odd");
    },
    /** `isEmpty`: it had written nothing yet. */
    restartRedis: async ({ isEmpty = false } = {}): Promise<void> => {
      if (isEmpty) await flush();
      await server.kill();
      await server.start();
      await openAnew();
    },
    /** An entry of a message after its first `count` inputs; it happens now. */
    entry: (
      callbackUrl: string | null,
      { count = inputs.length, messageId = randomUUID(), accountId = "demo" } = {},
    ) => {
      const after = entryAfter(inputs.slice(0, count), { messageId, accountId });
      const story = after.story.map((event) => ({ ...event, at: event.at - START + Date.now() }));
      return withRequest({ ...after, story }, contracts, { callbackUrl });
    },
  };
}

function laneOf({ url }: Receiver): string {
  return callbackLane("demo", url).name;
}

/** What an endpoint was told in 8x8's shape, as `channel state`. */
export function statesOf({ received }: Receiver): string[] {
  return received.map(({ body }) => {
    const { payload } = JSON.parse(body);
    return `${payload.channel} ${payload.status.state}`;
  });
}

/** The dead letter of a URL, once it is there for this reason. */
export async function untilBuried(
  queue: TestNotifier["queue"],
  url: string,
  reason: string | RegExp,
) {
  return vi.waitFor(async () => {
    const failures = await queue.dead.list("demo", { offset: 0, limit: 10 });
    const failure = failures.find(({ note }) => note.url === url);
    expect(failure?.reason).toMatch(reason);
    return failure!;
  }, WITHIN);
}
