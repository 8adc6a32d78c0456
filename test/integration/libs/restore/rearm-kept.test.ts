// A process dies between its commit and its publication, and somebody deletes the timers: no record of the journal has the
// message as it is stored.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { closedShardStore } from "#libs/flow-store/connect-flow-store.ts";
import { LOST } from "#libs/flow-store/epoch.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { rearmKept } from "#libs/restore/rearm-kept.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { startFlow } from "#test/support/test-flow.ts";
import { requestFor } from "#test/support/watched-flow.ts";

const log = createLog("rearm-kept", "fatal");
const resources = new AsyncDisposableStack();
let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, log);
});

afterAll(() => resources.disposeAsync());

const publish = () => Promise.reject(new RetriableError("Kafka is away"));

it("gives messages of the outbox their timers again, and leaves those alone that are there", async () => {
  const messageId = randomUUID();
  const shard = flow.store.shardOf(messageId);
  const { timers } = shardKeys(shard);
  const redis = flow.redis.at("");
  const dying = { ...flow, producer: { ...flow.producer, publish } };
  await expect(advance([requestFor(messageId, flow)], dying)).rejects.toThrow("Kafka is away");
  const dueAt = await redis.zscore(timers, messageId);
  expect(Number(dueAt)).toBeGreaterThan(Date.now());

  const { epoch } = await flow.store.read(shard, []);
  await flow.store.close(epoch, LOST);
  const { epoch: closed } = (await flow.store.inspect())[shard]!;
  const store = closedShardStore(flow.redis, { shardCount: flow.store.shardCount, log }, closed);
  await redis.del(timers);
  await rearmKept(shard, { ...flow, store });
  expect(await redis.zscore(timers, messageId)).toBe(dueAt);
  await redis.zadd(timers, 7, messageId);
  await rearmKept(shard, { ...flow, store });
  expect(await redis.zscore(timers, messageId)).toBe("7");
});
