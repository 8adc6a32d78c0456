// Delivery on a real Redis to real endpoints on loopback.
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Contracts, connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { replay, replayAll } from "#libs/webhook-queue/replay.ts";
import { callbackSecret } from "#libs/webhooks/webhook-secrets.ts";
import { entryAfter, report, sent, START, step } from "#test/support/journal-entry.ts";
import {
  secretsKey,
  startNotifier,
  type TestNotifier,
  testSettings,
  webhook,
  withRequest,
} from "#test/support/notifier.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const steps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
const inputs = [
  sent(steps),
  report(0, "SENT", 100),
  report(0, "FAILED", 200),
  report(1, "DELIVERED", 400),
];
const WITHIN = { timeout: 10_000, interval: 20 };

let server: RedisServer;
let contracts: Contracts;
const started = new Set<AsyncDisposable>();

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
  await emptyRedis();
});

/** What one test left in the queue, the next one must not deliver. */
async function emptyRedis(): Promise<void> {
  await using redis = await connectRedis({ url: server.url, log: createLog("test", "fatal") });
  await redis.client.flushall();
}

async function receiver(): Promise<Receiver> {
  const one = await startReceiver();
  started.add(one);
  return one;
}

type More = Partial<Parameters<typeof startNotifier>[0]>;

async function notifier(more: More = {}): Promise<TestNotifier> {
  const settings = testSettings();
  const one = await startNotifier({ redisUrl: server.url, contracts, settings, ...more });
  started.add(one);
  return one;
}

/** An entry of a new message after the first `count` inputs, with its callback URL. */
function entry(callbackUrl: string | null, { count = inputs.length, messageId = randomUUID() } = {}) {
  const ids = { messageId, accountId: "demo" };
  const after = entryAfter(inputs.slice(0, count), ids);
  // As if it happened now: what is older than a week is not told.
  const story = after.story.map((event) => ({ ...event, at: event.at - START + Date.now() }));
  return withRequest({ ...after, story }, contracts, { callbackUrl });
}

function statesOf({ received }: Receiver): string[] {
  return received.map(({ body }) => {
    const { payload } = JSON.parse(body);
    return `${payload.channel} ${payload.status.state}`;
  });
}

const ALL_STATES = ["whatsapp sent", "whatsapp undelivered", "sms delivered"];

describe("a message's own callback URL", () => {
  it("gets every status in order, signed with the account's secret", async () => {
    const endpoint = await receiver();
    const { tell } = await notifier();
    await tell(entry(endpoint.url));
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
    const verifier = new Webhook(callbackSecret({ secretsKey, accountId: "demo" }));
    for (const { body, headers } of endpoint.received) {
      const signed = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      expect(verifier.verify(body, Object.fromEntries(signed))).toMatchObject({ version: 9 });
    }
  });

  it("takes the place of the account's webhooks", async () => {
    const [own, hooked] = [await receiver(), await receiver()];
    const { setting } = webhook("h1", { url: hooked.url });
    const { tell } = await notifier({ settings: testSettings(setting) });
    await tell(entry(own.url), entry(null));
    await vi.waitFor(() => expect(hooked.received).toHaveLength(6), WITHIN);
    await vi.waitFor(() => expect(statesOf(own)).toEqual(ALL_STATES), WITHIN);
    expect(hooked.received.map(({ body }) => JSON.parse(body).type)).toEqual([
      "message.attempt-started",
      "message.status",
      "message.status",
      "message.attempt-started",
      "message.status",
      "message.ended",
    ]);
  });
});

describe("a journal entry", () => {
  it("tells nothing twice when it comes again, late, or together with a later one", async () => {
    const endpoint = await receiver();
    const { tell } = await notifier();
    const messageId = randomUUID();
    const at = (count: number) => entry(endpoint.url, { count, messageId });
    await tell(at(2));
    await tell(at(2));
    await tell(at(4));
    await tell(at(3), at(1));
    await tell(at(4));
    const marker = entry(endpoint.url, { count: 2 });
    await tell(marker);
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(4), WITHIN);
    const own = endpoint.received.filter(({ body }) => body.includes(messageId));
    expect(own.map(({ body }) => JSON.parse(body).payload.status.state)).toEqual([
      "sent",
      "undelivered",
      "delivered",
    ]);
  });

  it("of before a webhook's registration is not told to it", async () => {
    const endpoint = await receiver();
    const createdAt = new Date(Date.now() + 60_000).toISOString();
    const { setting } = webhook("young", { url: endpoint.url, createdAt });
    const { tell, queue } = await notifier({ settings: testSettings(setting) });
    await tell(entry(null));
    expect((await queue.backlog()).messageCount).toBe(0);
    expect(endpoint.received).toEqual([]);
  });
});

describe("an endpoint that fails", () => {
  it("gets the same notification again, under the same id, before the message's next", async () => {
    const endpoint = await receiver();
    let failures = 3;
    endpoint.answer = () => (failures-- > 0 ? 500 : 204);
    const { tell } = await notifier();
    await tell(entry(endpoint.url));
    const expected = [...Array<string>(3).fill(ALL_STATES[0]!), ...ALL_STATES];
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(expected), WITHIN);
    const ids = endpoint.received.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids.slice(0, 4)).size).toBe(1);
    expect(new Set(ids).size).toBe(3);
  });

  it("holds up its own message only, not another one of the same endpoint", async () => {
    const endpoint = await receiver();
    const [stuck, free] = [randomUUID(), randomUUID()];
    endpoint.answer = ({ body }) => (body.includes(stuck) ? 503 : 200);
    const { tell } = await notifier();
    await tell(entry(endpoint.url, { messageId: stuck }));
    await tell(entry(endpoint.url, { messageId: free }));
    const ofFree = () => endpoint.received.filter(({ body }) => body.includes(free));
    await vi.waitFor(() => expect(ofFree()).toHaveLength(3), WITHIN);
    const ofStuck = endpoint.received.filter(({ body }) => body.includes(stuck));
    expect(new Set(ofStuck.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });

  it("that never answers delays no other endpoint", async () => {
    const [dead, alive] = [await receiver(), await receiver()];
    dead.answer = () => () => undefined;
    const { tell } = await notifier({ timeoutMs: 3_000 });
    await tell(...Array.from({ length: 60 }, () => entry(dead.url)));
    await vi.waitFor(() => expect(dead.received).toHaveLength(32), WITHIN);
    const before = Date.now();
    await tell(entry(alive.url));
    await vi.waitFor(() => expect(alive.received).toHaveLength(3), WITHIN);
    expect(alive.received.at(-1)!.at - before).toBeLessThan(2_000);
    expect(dead.received).toHaveLength(32);
  });

  it("that redirects is not followed", async () => {
    const [first, second] = [await receiver(), await receiver()];
    first.answer = () => (response) => {
      response.writeHead(302, { location: second.url }).end();
    };
    const giveUp = { delaysMs: [50], delayMaxMs: 50, giveUpAfterMs: 120 };
    const { tell, queue } = await notifier({ backOff: giveUp });
    await tell(entry(first.url, { count: 2 }));
    const reason = "It answered 302; redirects are not followed.";
    await untilBuried(queue, first.url, reason);
    expect(second.received).toEqual([]);
  });

  it("that answers without end counts by its status", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => (response) => {
      response.writeHead(200);
      const flood = setInterval(() => response.write(Buffer.alloc(64 * 1024)), 1);
      response.on("close", () => clearInterval(flood));
    };
    const { tell } = await notifier();
    await tell(entry(endpoint.url));
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
  });
});

describe("a notification that is given up", () => {
  const giveUp = { delaysMs: [50], delayMaxMs: 50, giveUpAfterMs: 120 };

  it("becomes a dead letter, and can be replayed", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => 500;
    const { tell, queue } = await notifier({ backOff: giveUp });
    await tell(entry(endpoint.url, { count: 2 }));
    const failure = await untilBuried(queue, endpoint.url, "It answered 500.");
    const ids = endpoint.received.map(({ headers }) => headers["webhook-id"]);
    expect(ids.length).toBeGreaterThan(1);
    endpoint.answer = () => 200;
    endpoint.received.length = 0;
    expect(await replay(failure, queue)).toBe(true);
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(["whatsapp sent"]), WITHIN);
    expect(endpoint.received[0]!.headers["webhook-id"]).toBe(ids[0]);
    expect(await queue.dead.find("demo", failure.failureId)).toBeUndefined();
  });

  it("at once by an endpoint that answers 410; the next one of the message is tried", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => (endpoint.received.length === 1 ? 410 : 200);
    const { tell, queue } = await notifier();
    await tell(entry(endpoint.url));
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
    await untilBuried(queue, endpoint.url, "It answered 410: gone for good.");
  });

  it("is replayed with all the others of its account, in order", async () => {
    const endpoint = await receiver();
    endpoint.answer = () => 410;
    const { tell, queue } = await notifier();
    await tell(entry(endpoint.url));
    await vi.waitFor(async () => expect(await queue.dead.count("demo")).toBe(3), WITHIN);
    endpoint.answer = () => 200;
    endpoint.received.length = 0;
    expect(await replayAll("demo", queue)).toEqual({ replayedCount: 3, remainingCount: 0 });
    await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(ALL_STATES), WITHIN);
  });
});

describe("an address inside our walls", () => {
  it.each(["http://127.0.0.1", "http://localhost", "http://[::1]", "http://2130706433"])(
    "is not connected to: %s",
    async (origin) => {
      const endpoint = await receiver();
      const url = `${origin}:${new URL(endpoint.url).port}/hook`;
      const { tell, queue } = await notifier({ allowPrivate: false });
      await tell(entry(url, { count: 2 }));
      await untilBuried(queue, url, /public address/);
      expect(endpoint.received).toEqual([]);
    },
  );
});

describe("a webhook", () => {
  it("is called with its authorization, where it leads when it is its turn", async () => {
    const [old, fresh] = [await receiver(), await receiver()];
    old.answer = () => 500;
    const { setting, secret } = webhook("moving", { url: old.url, format: "8x8" });
    const settings = testSettings(setting);
    const { tell } = await notifier({ settings });
    await tell(entry(null));
    await vi.waitFor(() => expect(old.received.length).toBeGreaterThan(0), WITHIN);
    if (setting.kind === "webhook") {
      settings.put({ ...setting, body: { ...setting.body, url: fresh.url } });
    }
    await vi.waitFor(() => expect(statesOf(fresh)).toEqual(ALL_STATES), WITHIN);
    const { body, headers } = fresh.received[0]!;
    const signed = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    expect(() => new Webhook(secret).verify(body, Object.fromEntries(signed))).not.toThrow();
  });

  it("that is deleted takes nothing more; what waits becomes a dead letter", async () => {
    const endpoint = await receiver();
    const { setting } = webhook("short-lived", { url: endpoint.url, format: "8x8" });
    const settings = testSettings(setting);
    const { tell, queue } = await notifier({ settings });
    endpoint.answer = () => 500;
    await tell(entry(null, { count: 2 }));
    await vi.waitFor(() => expect(endpoint.received.length).toBeGreaterThan(0), WITHIN);
    settings.drop("demo/webhook/short-lived");
    await vi.waitFor(async () => expect(await queue.dead.count("demo")).toBe(1), WITHIN);
    const [failure] = await queue.dead.list("demo", { offset: 0, limit: 1 });
    expect(failure).toMatchObject({ reason: "The webhook was deleted.", note: { hook: "short-lived" } });
  });
});

it("goes on in another process after the one that had it ended", async () => {
  const endpoint = await receiver();
  endpoint.answer = () => 500;
  const slow = { delaysMs: [1_000], delayMaxMs: 1_000, giveUpAfterMs: 60_000 };
  const first = await notifier({ backOff: slow });
  await first.tell(entry(endpoint.url));
  await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), WITHIN);
  started.delete(first);
  await first[Symbol.asyncDispose]();
  await server.kill();
  await server.start();
  endpoint.answer = () => 200;
  await notifier();
  const expected = [ALL_STATES[0], ...ALL_STATES];
  await vi.waitFor(() => expect(statesOf(endpoint)).toEqual(expected), WITHIN);
});

async function untilBuried(queue: TestNotifier["queue"], url: string, reason: string | RegExp) {
  return vi.waitFor(async () => {
    const failures = await queue.dead.list("demo", { offset: 0, limit: 10 });
    const failure = failures.find(({ note }) => note.url === url);
    expect(failure?.reason).toMatch(reason);
    return failure!;
  }, WITHIN);
}
