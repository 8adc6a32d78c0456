// The list of an account's messages over HTTP, on a real broker, registry and Redis.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { readEnv } from "#libs/config/read-env.ts";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { type Contracts, connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { messageKeys } from "#libs/flow-store/keys.ts";
import type { FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { api } from "#services/api/service.ts";
import { demoEnv } from "#test/support/demo-env.ts";
import {
  cancel,
  entryAfter,
  report,
  START,
  sent,
  threeSteps,
} from "#test/support/journal-entry.ts";
import { commitNow, openShards } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const log = createLog("api", "error");
const resources = new AsyncDisposableStack();
let base: string;
let contracts: Contracts;
let store: FlowStore;
let redis: RedisConnection;

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
  const { registryUrl, kafka, shardCount } = config;
  await migrate({ brokers: kafka.brokers, registryUrl, sizes: defaultTopicSizes });
  contracts = await connectContracts({ registryUrl });
  redis = resources.use(await connectRedis({ url: redisServer.url, log }));
  store = await connectFlowStore(redis, { shardCount, log });
  await openShards(store);
  resources.use(await api.start(config, { log, onFatal: (error) => expect.fail(String(error)) }));
  base = `http://127.0.0.1:${port}`;
});

afterAll(() => resources.disposeAsync());

it("leaves a message on the list while nobody can read it", async () => {
  const clientMessageId = randomUUID();
  const messageId = await stored({ more: { clientMessageId } });
  const [key] = messageKeys(store.shardOf(messageId), [messageId]);
  const state = await redis.at("").getBuffer(key!);
  const version = Buffer.from([0, 0, 0, 1]);
  await redis.at("").set(key!, Buffer.concat([version, Buffer.from("no journal entry")]));
  expect(await idsOf({ clientMessageId })).toEqual([]);
  await redis.at("").set(key!, state!);
  expect(await idsOf({ clientMessageId })).toEqual([messageId]);
});

type Stored = { more?: Partial<SendRequest>; inputs?: FallbackInput[]; at?: number };

/** Stores a message of account `demo` as the consumers leave it behind; resolves with its id. */
async function stored({ more = {}, inputs = [sent(threeSteps)], at = START }: Stored = {}) {
  const ids = { messageId: randomUUID(), accountId: "demo" };
  const request = storedRequest({ ...ids, requestedAt: at, ...more });
  const { messageId, accountId } = request;
  const entry = {
    ...entryAfter(inputs, { messageId, accountId }),
    request: contracts.sendRequest.encode(request),
  };
  await commit({
    messageId,
    expectedVersion: 0,
    state: contracts.journalEntry.encode(entry),
    outbox: Buffer.from("x"),
    dueAt: null,
    keepMs: 60_000,
    indexed: { accountId, at },
  });
  return messageId;
}

async function commit(transition: Omit<Transition, "storeBy">): Promise<void> {
  const { conflicts } = await commitNow(store, store.shardOf(transition.messageId), [transition]);
  expect(conflicts).toEqual([]);
}

async function get(query: Record<string, string | number | boolean>) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.set(name, String(value));
  const answer = await fetch(`${base}/ft/v1/messages?${search.toString()}`, {
    headers: { authorization: "Bearer demo-key" },
  });
  const text = await answer.text();
  expect(text).not.toContain("null");
  return { status: answer.status, body: JSON.parse(text) };
}

async function idsOf(query: Record<string, string | number | boolean>): Promise<string[]> {
  const { status, body } = await get(query);
  expect(status).toBe(200);
  return body.items.map((item: { messageId: string }) => item.messageId);
}

/** Every page, the first one read before `meanwhile` and the others after it. */
async function allPages(
  query: Record<string, string | number>,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const { body } = await get({ ...query, ...(cursor !== undefined && { cursor }) });
    pages.push(body.items.map((item: { messageId: string }) => item.messageId));
    cursor = body.nextCursor;
    if (pages.length === 1) await meanwhile();
  } while (cursor !== undefined && pages.length < 100);
  return pages;
}

describe("a list", () => {
  it("shows the newest first, page by page, none twice and none left out while new ones come", async () => {
    const batchId = randomUUID();
    const instants = [0, 1, 1, 1, 1, 2, 3, 4, 5, 6].map((ms) => START + ms);
    const ids = await Promise.all(instants.map((at) => stored({ at, more: { batchId } })));
    const comes = () => stored({ at: START + 10, more: { batchId } });
    const pages = await allPages({ batchId, limit: 3 }, comes);
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
    expect(pages[0]).toEqual([ids[9], ids[8], ids[7]]);
    expect(pages.flat().toSorted()).toEqual(ids.toSorted());
    expect(await idsOf({ batchId })).toHaveLength(11);
  });

  it("goes on through messages of one instant", async () => {
    const batchId = randomUUID();
    const at = START + 50_000;
    const ids = await Promise.all(
      Array.from({ length: 450 }, () => stored({ at, more: { batchId } })),
    );
    const pages = await allPages({ batchId, limit: 200 });
    expect(pages.map(({ length }) => length)).toEqual([200, 200, 50]);
    expect(pages.flat().toSorted()).toEqual(ids.toSorted());
  });

  it("looks at 2,000 messages for one answer, and says where to go on", async () => {
    const at = START - 3_600_000;
    const wanted = randomUUID();
    await stored({ at: at - 1, more: { clientMessageId: wanted } });
    for (let round = 0; round < 9; round++) {
      await Promise.all(Array.from({ length: 250 }, () => stored({ at: at + round })));
    }
    const range = { from: iso(at - 1), to: iso(at + 9), clientMessageId: wanted };
    const pages = await allPages(range);
    expect(pages.map(({ length }) => length)).toEqual([0, 1]);
  });

  it("has what a page of messages needs", async () => {
    const messageId = await stored({
      at: START - 1_000,
      more: { clientMessageId: "order-1", batchId: "b-1" },
      inputs: [sent(threeSteps), report(0, "READ", 900)],
    });
    const { body } = await get({
      clientMessageId: "order-1",
      from: iso(START - 1_000),
      to: iso(START - 1_000),
    });
    expect(body).toEqual({
      items: [
        {
          messageId,
          clientMessageId: "order-1",
          batchId: "b-1",
          phase: "ENDED",
          outcome: "SUCCEEDED",
          revision: 1,
          duplicate: false,
          lateSuccess: false,
          channel: "whatsapp",
          attemptCount: 1,
          recipient: { msisdn: expect.stringMatching(/^\+65.*\*.*\d$/), idsOn: [] },
          requestedAt: iso(START - 1_000),
          endedAt: iso(START + 900),
        },
      ],
    });
  });

  it("never shows another account's messages", async () => {
    const clientMessageId = randomUUID();
    await stored({ more: { accountId: "acme", clientMessageId } });
    expect(await idsOf({ clientMessageId })).toEqual([]);
  });

  it("forgets messages whose state has expired", async () => {
    const at = START + 3_600_000;
    const messageId = await stored({ at });
    const shard = store.shardOf(messageId);
    const range = { fromMs: at, toMs: at, after: null, countMax: 9 };
    expect(await store.list("demo", range)).toEqual([{ messageId, at }]);
    await redis.at("").del(...messageKeys(shard, [messageId]));
    expect(await idsOf({ from: iso(at), to: iso(at) })).toEqual([]);
    expect(await store.list("demo", range)).toEqual([]);
  });
});

describe("a filter", () => {
  const viberOnly = sent(threeSteps.slice(1, 2));
  const ended = [sent(threeSteps), report(0, "READ", 900)];
  const twice = [
    sent(threeSteps),
    report(0, "FAILED", 100),
    report(1, "DELIVERED", 200),
    report(0, "DELIVERED", 300),
  ];
  it.each<[string, Record<string, string | boolean>, Stored]>([
    ["phase", { phase: "RUNNING" }, {}],
    ["outcome", { outcome: "CANCELED" }, { inputs: [sent(threeSteps), cancel(10)] }],
    ["channel", { channel: "viber" }, { inputs: [viberOnly] }],
    ["flow", { flowId: "welcome" }, { more: { flowId: "welcome" } }],
    ["purpose", { purpose: "OTP" }, { more: { purpose: "OTP" } }],
    ["own id", { clientMessageId: "c-7" }, { more: { clientMessageId: "c-7" } }],
    ["batch", { batchId: "b-7" }, { more: { batchId: "b-7" } }],
    ["being a duplicate", { duplicate: true }, { inputs: twice }],
    ["not being one", { duplicate: false, phase: "RUNNING" }, {}],
  ])("by %s shows those that have it", async (_, filter, has) => {
    const at = START + 7_200_000 + Math.floor(Math.random() * 1e9);
    await stored({ at, inputs: ended });
    const messageId = await stored({ ...has, at });
    const range = { from: iso(at), to: iso(at) };
    expect(await idsOf(range)).toHaveLength(2);
    expect(await idsOf({ ...range, ...filter })).toEqual([messageId]);
  });

  it("by time has both ends", async () => {
    const batchId = randomUUID();
    const ids = await Promise.all(
      [5, 6, 7, 8].map((ms) => stored({ at: START + ms, more: { batchId } })),
    );
    const range = { from: iso(START + 6), to: iso(START + 7) };
    expect(await idsOf({ batchId, ...range })).toEqual([ids[2], ids[1]]);
  });
});

it.each([
  ["a broken cursor", { cursor: "nonsense" }],
  ["a cursor with more behind it", { cursor: `${Buffer.from("5 a").toString("base64url")}=` }],
  ["an unknown phase", { phase: "ASLEEP" }],
  ["a limit above 200", { limit: 201 }],
  ["an instant that is none", { from: "yesterday" }],
  ["an unknown filter", { colour: "blue" }],
])("%s is refused as a bad request", async (_, query) => {
  const { status, body } = await get(query);
  expect([status, body.code]).toEqual([400, "bad-request"]);
});

function iso(at: number): string {
  return new Date(at).toISOString();
}
