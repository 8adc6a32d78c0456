// 8x8's `clientMessageId` with a real Redis; what is accepted ends in a list instead of Kafka.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { withBody } from "#libs/settings/setting.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { idempotencyKeys } from "#services/api/messages/idempotency-keys.ts";
import { send, text } from "#test/support/8x8/requests.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

const resources = new AsyncDisposableStack();
const settings = demoView(
  withBody(
    {
      accountId: "demo",
      revision: 1,
      changedAt: 0,
      changedBy: "test",
      kind: "account",
      name: "demo",
    },
    {
      name: "Demonstration",
      guid: "a".repeat(32),
      defaultFlow: "whatsapp-then-sms",
      defaultWaitSeconds: 300,
      smsSegmentsMax: 1,
      repeatsByClientMessageIdMinutes: 10,
    },
  ),
);

let redisServer: RedisServer;
let redis: RedisConnection;
let api: ReturnType<typeof startApiServer>;

beforeAll(async () => {
  redisServer = resources.use(await startRedisServer());
  const log = createLog("api", "fatal");
  redis = resources.use(await connectRedis({ url: redisServer.url, log }));
  api = startApiServer({ settings, idempotencyKeys: idempotencyKeys(redis) });
});
afterAll(() => resources.disposeAsync());

const post = (clientMessageId: string) => api.request(send({ ...text, clientMessageId }));

it("is one message of 20 that come at once, for as long as the account says", async () => {
  const id = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(id)));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  const records = api.accepted.map(({ request }) => JSON.stringify(request));
  expect(new Set(records).size).toBe(1);
  const [key] = await redis.at("").keys("ft:idempotency:demo:*");
  const keptSeconds = await redis.at("").ttl(String(key));
  expect(keptSeconds).toBeGreaterThan(590);
  expect(keptSeconds).toBeLessThanOrEqual(600);
});

it("has the same id where Redis has lost it", async () => {
  const id = randomUUID();
  const first = await post(id);
  expect((await post(id)).body).toBe(first.body);
  const keys = await redis.at("").keys("ft:idempotency:demo:*");
  await redis.at("").del(...keys);
  // Its minutes have not passed: the id follows from the client's.
  expect((await post(id)).json().umid).toBe(first.json().umid);
});

it("accepts nothing with one while Redis is away, and all without", async () => {
  await redisServer.kill();
  const answer = await post(randomUUID());
  expect([answer.statusCode, answer.json().code]).toEqual([503, 2000]);
  expect((await api.request(send(text))).statusCode).toBe(200);
});
