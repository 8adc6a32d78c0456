// `Idempotency-Key` over HTTP with a real Redis; what is accepted ends in a list instead of Kafka.
import { randomUUID } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SendRequestInit } from "#libs/contracts/generated/types.ts";
import { RetriableError } from "#libs/errors.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { withBody } from "#libs/settings/setting.ts";
import { createLog } from "#libs/telemetry/log.ts";
import type { ApiDeps } from "#services/api/api-deps.ts";
import { signatureNonces } from "#services/api/http/authentication/signature-nonces.ts";
import { idempotencyKeys } from "#services/api/messages/idempotency-keys.ts";
import { createServer } from "#services/api/server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { noCaps, noRates } from "#test/support/no-caps.ts";
import { noLetters } from "#test/support/no-letters.ts";
import { noProviders } from "#test/support/no-providers.ts";
import { noWebhooks } from "#test/support/no-webhooks.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

const log = createLog("api", "fatal");
const resources = new AsyncDisposableStack();
const hello = { recipient: { msisdn: "+6591234567" }, content: { text: "Hello" } };
const batch = { messages: [hello, hello] };

let redisServer: RedisServer;
let redis: RedisConnection;
let server: ReturnType<typeof createServer>;
let accepted: SendRequestInit[] = [];
let isKafkaAway = false;
let settings = demoView();

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const switchedOff = (name: string) =>
  withBody(
    { ...stamp, kind: "channel", name },
    { senders: ["FALLTHRU"], smsFallback: true, enabled: false },
  );

beforeAll(async () => {
  redisServer = resources.use(await startRedisServer());
  redis = resources.use(await connectRedis({ url: redisServer.url, log }));
  const deps: ApiDeps = {
    settings: {
      ...demoView(),
      findAccount: (accountId) => settings.findAccount(accountId),
    },
    writer: { change: () => Promise.reject(new Error("Nothing is changed here.")) },
    accept: async (requests) => {
      if (isKafkaAway) throw new RetriableError("Kafka is away.");
      accepted.push(...requests);
      return [];
    },
    cancel: async () => [],
    find: async () => null,
    list: async () => ({ messages: [], next: null }),
    ...noWebhooks,
    deadLetters: noLetters,
    ...noProviders,
    caps: noCaps,
    keyRates: noRates,
    idempotencyKeys: idempotencyKeys(redis),
    signatureNonces: signatureNonces(redis),
    log,
  };
  server = createServer(deps, { isLoopbackOnly: false });
});
beforeEach(() => {
  accepted = [];
  isKafkaAway = false;
  settings = demoView();
});
afterAll(() => resources.disposeAsync());

function post(
  key: string | undefined,
  payload: unknown,
  path = "",
): Promise<LightMyRequestResponse> {
  const headers = { authorization: "Bearer demo-key", "content-type": "application/json" };
  return server.inject({
    method: "POST",
    url: `/ft/v1/messages${path}`,
    headers: { ...headers, ...(key !== undefined && { "idempotency-key": key }) },
    payload: JSON.stringify(payload),
  });
}

const isReplay = ({ headers }: LightMyRequestResponse) => headers["idempotent-replayed"] === "true";
const idOf = (answer: LightMyRequestResponse) => String(Object(answer.json()).messageId);

describe("an Idempotency-Key", () => {
  it("makes one message of 20 that come at once", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(key, hello)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(answers.filter(isReplay)).toHaveLength(19);
    expect(new Set(accepted.map((request) => JSON.stringify(request))).size).toBe(1);
  });

  it("makes one batch of those that come at once", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(key, batch, "/batch")));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers.filter(isReplay)).toHaveLength(4);
    expect(new Set(accepted.map(({ messageId }) => messageId)).size).toBe(2);
  });

  it("completes a request that died between its claim and its publication", async () => {
    const key = randomUUID();
    isKafkaAway = true;
    expect((await post(key, hello)).statusCode).toBe(503);
    isKafkaAway = false;
    const again = await post(key, hello);
    expect(again.statusCode).toBe(202);
    expect(accepted.map(({ messageId }) => messageId)).toEqual([idOf(again)]);
  });

  it("keeps the request as it was though its end has passed since", async () => {
    const key = randomUUID();
    const soon = { ...hello, expiresAt: new Date(Date.now() + 300).toISOString() };
    const first = await post(key, soon);
    await expect.poll(() => post(undefined, soon).then(({ statusCode }) => statusCode)).toBe(422);
    const again = await post(key, soon);
    expect(again.statusCode).toBe(202);
    expect(idOf(again)).toBe(idOf(first));
  });

  it("does not care in what order the members come", async () => {
    const key = randomUUID();
    const { recipient, content } = hello;
    const first = await post(key, { recipient, content });
    expect(idOf(await post(key, { content, recipient }))).toBe(idOf(first));
  });

  it.each<[string, unknown, string]>([
    ["body", { ...hello, purpose: "OTP" }, ""],
    ["path", batch, "/batch"],
  ])("is refused with another %s", async (_, payload, path) => {
    const key = randomUUID();
    await post(key, hello);
    const answer = await post(key, payload, path);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: "idempotency-key-reused" });
    expect(accepted).toHaveLength(1);
  });

  it("is not claimed by a request that is refused", async () => {
    const key = randomUUID();
    expect((await post(key, { ...hello, content: {} })).statusCode).toBe(422);
    const answer = await post(key, hello);
    expect(answer.statusCode).toBe(202);
    expect(isReplay(answer)).toBe(false);
  });

  it("is answered as it was first, whatever has become of the settings since", async () => {
    const [key, batchKey] = [randomUUID(), randomUUID()];
    const mixed = { messages: [hello, { ...hello, recipient: { msisdn: "1" } }] };
    const first = await post(key, { ...hello, clientMessageId: "c-1" });
    const firstBatch = await post(batchKey, mixed, "/batch");
    settings = demoView(switchedOff("whatsapp"), switchedOff("sms"));
    expect((await post(undefined, hello)).statusCode).toBe(422);
    const again = await post(key, { ...hello, clientMessageId: "c-1" });
    const againBatch = await post(batchKey, mixed, "/batch");
    expect([again.statusCode, again.body]).toEqual([202, first.body]);
    expect([againBatch.statusCode, againBatch.body]).toEqual([202, firstBatch.body]);
    expect(againBatch.headers["location"]).toBe(firstBatch.headers["location"]);
    expect(new Set(accepted.map(({ messageId }) => messageId)).size).toBe(2);
  });

  it("leads to the same ids where Redis has lost what it stands for", async () => {
    const key = randomUUID();
    const first = [await post(key, hello), await post(`${key}-b`, batch, "/batch")];
    const kept = await redis.at("").keys("ft:idempotency:*");
    await redis.at("").del(...kept);
    const again = [await post(key, hello), await post(`${key}-b`, batch, "/batch")];
    expect(again.map(({ body }) => body)).toEqual(first.map(({ body }) => body));
    expect(again.map(isReplay)).toEqual([false, false]);
    expect(new Set(accepted.map(({ messageId }) => messageId)).size).toBe(3);
    expect(idOf(await post(`${key}-c`, hello))).not.toBe(idOf(first[0]!));
  });

  it.each(["", "x".repeat(256), "é"])("is refused as %j", async (key) => {
    expect((await post(key, hello)).statusCode).toBe(400);
    expect(accepted).toEqual([]);
  });

  it("is each account's own, and kept for a day", async () => {
    const keys = idempotencyKeys(redis);
    const key = randomUUID();
    const claim = { bodyHash: "h", id: "m-1", at: 1 };
    expect(await keys.claim({ accountId: "one", key }, claim)).toBeNull();
    expect(await keys.claim({ accountId: "two", key }, { ...claim, id: "m-2" })).toBeNull();
    expect(await keys.claim({ accountId: "one", key }, { ...claim, id: "m-3" })).toEqual(claim);
    const [redisKey] = await redis.at("").keys("ft:idempotency:one:*");
    const keptSeconds = await redis.at("").ttl(String(redisKey));
    expect(keptSeconds).toBeGreaterThan(86_390);
    expect(keptSeconds).toBeLessThanOrEqual(86_400);
  });
});

describe("without Redis", () => {
  it("accepts nothing that brings a key, and all that does not", async () => {
    await redisServer.kill();
    const answer = await post(randomUUID(), hello);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("2");
    expect(accepted).toEqual([]);
    expect((await post(undefined, hello)).statusCode).toBe(202);
    expect(accepted).toHaveLength(1);
  });
});
