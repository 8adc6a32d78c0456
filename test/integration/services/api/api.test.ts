// The api as it runs, over HTTP, on a real broker, registry and Redis.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { readEnv } from "#libs/config/read-env.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { type Contracts, connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { messageIdsOf } from "#libs/dialects/batch-ids.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { api } from "#services/api/service.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { demoEnv } from "#test/support/demo-env.ts";
import { followTopic, type TopicFollower } from "#test/support/follow-topic.ts";
import { entryAfter, report, sent, threeSteps, tick } from "#test/support/journal-entry.ts";
import { commitNow, openOtherStores, openShards } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const log = createLog("api", "error");
const resources = new AsyncDisposableStack();
const key = { authorization: "Bearer demo-key" };

let base: string;
let contracts: Contracts;
let store: FlowStore;
let sendRequests: TopicFollower;

beforeAll(async () => {
  const redisServer = resources.use(await startRedisServer());
  const port = String(await freePort());
  const ownEnv = {
    ...process.env,
    ...demoEnv,
    REDIS_URL: redisServer.url,
    API_PORT: port,
  };
  const config = readEnv(ownEnv, (read) => api.readConfig(read));
  const { brokers } = config.kafka;
  await migrate({ brokers, registryUrl: config.registryUrl, sizes: defaultTopicSizes });
  contracts = await connectContracts({ registryUrl: config.registryUrl });
  const redis = resources.use(await connectRedis({ url: redisServer.url, log }));
  await openOtherStores(redis);
  store = await connectFlowStore(redis, { shardCount: config.shardCount, log });
  await openShards(store);
  sendRequests = resources.use(await followTopic(brokers, "send-requests"));
  resources.use(await api.start(config, { log, onFatal: (error) => expect.fail(String(error)) }));
  base = `http://127.0.0.1:${port}`;
});

afterAll(() => resources.disposeAsync());

function post(body: unknown, headers: Record<string, string> = key): Promise<Response> {
  return fetch(`${base}/api/v1/subaccounts/demo/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function umidOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json();
  expect(body).toMatchObject({ umid: expect.any(String) });
  return String(Object(body).umid);
}

async function get(path: string) {
  const answer = await fetch(`${base}${path}`, { headers: key });
  const text = await answer.text();
  expect(text).not.toContain("null");
  return { status: answer.status, body: JSON.parse(text) };
}

/** Stores a message as the consumers leave it behind after `inputs`. */
async function stored(
  inputs: FallbackInput[],
  ids: { messageId?: string; accountId?: string } = {},
): Promise<string> {
  const { messageId = randomUUID(), accountId = "demo" } = ids;
  const request = contracts.sendRequest.encode(storedRequest({ messageId, accountId }));
  const entry = { ...entryAfter(inputs, { messageId, accountId }), request };
  const state = contracts.journalEntry.encode(entry);
  const transition = { messageId, expectedVersion: 0, state, outbox: Buffer.from("x") };
  await commitNow(store, store.shardOf(messageId), [
    { ...transition, dueAt: null, keepMs: 60_000 },
  ]);
  return messageId;
}

describe("sending", () => {
  const threeChannels = {
    channels: [
      { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" },
      { channel: "Viber", fallbackAfter: 60, successStatus: "Delivered" },
      { channel: "SMS" },
    ],
    user: { msisdn: "+65000000" },
    type: "text",
    content: { text: "Hello World!", sms: { encoding: "AUTO", source: "SENDERID" } },
  };

  it("has the request on the topic once it answers 200", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const answer = await post(threeChannels, { ...key, traceparent });
    expect(answer.status).toBe(200);
    const umid = await umidOf(answer);
    const record = await sendRequests.next((found) => found.key === umid);
    expect(decodeOwn("send-request", record.value)).toMatchObject({
      messageId: umid,
      accountId: "demo",
      recipient: { msisdn: "+65000000" },
      content: {
        type: "TEXT",
        text: "Hello World!",
        sms: { encoding: "AUTO", source: "SENDERID" },
      },
      steps: [
        { channel: "whatsapp", waitSeconds: 60, wanted: "READ", onFailure: "NEXT" },
        { channel: "viber", waitSeconds: 60, wanted: "DELIVERED", onFailure: "NEXT" },
        { channel: "sms", waitSeconds: null, wanted: "DELIVERED", onFailure: "NEXT" },
      ],
      dialect: "8x8",
      lateReports: "AMEND",
    });
    expect(record.headers["traceparent"]).toContain("4bf92f3577b34da6a3ce929d0e0e4736");
  });

  it("accepts many at once, each under its own id", async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => post(threeChannels)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(await Promise.all(answers.map(umidOf))).size).toBe(200);
  });

  it.each([
    ["a body above 256 KiB", 413, 1000, { ...threeChannels, note: "x".repeat(256 * 1024) }, key],
    ["malformed JSON", 400, 1000, "{", key],
    ["a wrong key", 401, 1200, threeChannels, { authorization: "Bearer wrong" }],
    [
      "an unknown status",
      400,
      3024,
      { ...threeChannels, channels: [{ channel: "SMS", successStatus: "Seen" }] },
      key,
    ],
  ])("refuses %s with HTTP %d and code %d", async (_, status, code, body, headers) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      code,
      message: expect.any(String),
      errorId: expect.any(String),
      timestamp: expect.any(String),
    });
  });
});

describe("sending a batch over the native API", () => {
  it("has all 10,000 requests on the topic once it answers 202", async () => {
    const messages = Array.from({ length: 10_000 }, (_, index) => ({
      recipient: { msisdn: `+65${90_000_000 + index}` },
    }));
    // No product runs here. One that is tested later on the same Kafka must not send them all first.
    const expiresAt = new Date(Date.now() + 10_000).toISOString();
    const template = { content: { text: "Hello World!" }, expiresAt };
    const answer = await fetch(`${base}/ft/v1/messages/batch`, {
      method: "POST",
      headers: { "content-type": "application/json", ...key },
      body: JSON.stringify({ template, messages }),
    });
    expect(answer.status).toBe(202);
    const body: unknown = await answer.json();
    expect(body).toMatchObject({ acceptedCount: 10_000, rejectedCount: 0 });
    const ids = messageIdsOf(String(Object(body).batchId)) ?? [];
    expect(ids).toHaveLength(10_000);
    for (const id of [ids[0], ids[5_000], ids[9_999]]) {
      const record = await sendRequests.next((found) => found.key === id);
      expect(decodeOwn("send-request", record.value)).toMatchObject({
        batchId: Object(body).batchId,
        dialect: "native",
      });
    }
  });
});

describe("reading", () => {
  const inputs = [
    sent(threeSteps),
    report(0, "DELIVERED", 900),
    tick(60_000),
    report(1, "UNDELIVERED", 61_000, { errorCode: "5", errorClass: "PERMANENT" }),
    report(2, "DELIVERED", 62_000),
  ];

  it("shows 8x8's rows of a message that fell through to SMS", async () => {
    const umid = await stored(inputs);
    const { status, body } = await get(`/api/v1/subaccounts/demo/messages/${umid}`);
    expect(status).toBe(200);
    expect(body.data).toMatchObject([
      { umid, subAccountId: "demo", channel: "WhatsApp", step: 1, status: { state: "delivered" } },
      { umid, channel: "Viber", step: 2, status: { state: "undelivered", errorCode: 15 } },
      { umid, channel: "SMS", step: 3, status: { state: "delivered" } },
    ]);
  });

  it("tells the story", async () => {
    const { body } = await get(`/ft/v1/messages/${await stored(inputs)}`);
    expect(body).toMatchObject({ phase: "ENDED", outcome: "SUCCEEDED", duplicate: true });
    expect(body.story.at(-1).text).toBe(
      "Succeeded by SMS; WhatsApp had reached the person too (duplicate).",
    );
  });

  it("waits for a message that was accepted a moment ago", async () => {
    const messageId = randomUUID();
    const reading = get(`/ft/v1/messages/${messageId}`);
    await stored([sent(threeSteps)], { messageId });
    expect((await reading).body).toMatchObject({ messageId, phase: "RUNNING" });
  });

  it("hides other accounts' messages and those that do not exist", async () => {
    const foreign = await stored(inputs, { accountId: "acme" });
    const answers = await Promise.all([
      get(`/ft/v1/messages/${foreign}`),
      get(`/api/v1/subaccounts/demo/messages/${foreign}`),
      get(`/api/v1/subaccounts/demo/messages/${randomUUID()}`),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [404, "not-found"],
      [404, 1300],
      [404, 1300],
    ]);
  });
});
