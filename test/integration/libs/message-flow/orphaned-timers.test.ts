// What somebody deletes in Redis by hand, with the shard's epoch left where it is, is told once its timer is due.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { startFlow } from "#test/support/test-flow.ts";
import { requestFor, watchedFlow } from "#test/support/watched-flow.ts";

const resources = new AsyncDisposableStack();
const HOUR_MS = 3_600_000;

let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, pino({ level: "silent" }));
});

afterAll(() => resources.disposeAsync());

async function placesOf(messageId: string) {
  const shard = flow.store.shardOf(messageId);
  const redis = flow.redis.at("");
  const { timers } = shardKeys(shard);
  const [state] = messageKeys(shard, [messageId]);
  return { redis, timers, state: state!, shard };
}

it("tells of a message that is gone while its timer is there, and lets the timer fire again", async () => {
  const { own, published } = watchedFlow(flow);
  const messageId = randomUUID();
  await advance([requestFor(messageId, flow)], own);
  const { redis, timers, state, shard } = await placesOf(messageId);
  await redis.del(state);
  const firedAt = Date.now();
  await advance([{ type: "TimerTick", messageId, firedAt }], own);
  const letters = published.filter(({ topic }) => topic === "timer-ticks-dlt");
  expect(letters).toHaveLength(1);
  const reason = String((letters[0] as { headers: object }).headers["ft-dlt-reason" as never]);
  expect(reason).toContain(`ft:{${String(shard).padStart(2, "0")}}:*`);
  const dueAt = Number(await redis.zscore(timers, messageId));
  expect(dueAt).toBeGreaterThanOrEqual(firedAt + HOUR_MS);
});

it("tells nothing of a late tick, whose timer is gone with its message", async () => {
  const { own, published } = watchedFlow(flow);
  await advance([{ type: "TimerTick", messageId: randomUUID(), firedAt: Date.now() }], own);
  expect(published).toEqual([]);
});
