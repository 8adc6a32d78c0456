import { pino } from "pino";
import { expect, it } from "vitest";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { emptyRedis } from "#test/support/every-node.ts";
import { commitNow, openShards } from "#test/support/open-shards.ts";
import { startTestRedis } from "#test/support/test-redis.ts";

const SHARD = 7;
const LATER = 2_000_000_000_000;
const log = pino({ level: "silent" });

function opening(messageId: string, dueAt: number) {
  const bytes = Buffer.from(messageId);
  return { messageId, expectedVersion: 0, state: bytes, outbox: bytes, dueAt, keepMs: null };
}

it("tells of several shards at once what is due first, and of what is lent that it may be due", async () => {
  await using redis = await startTestRedis(log);
  await emptyRedis(redis);
  const store = await connectFlowStore(redis, { shardCount: 16, log });
  const { [SHARD]: epoch } = await openShards(store);
  const claim = () =>
    store.claimDue(SHARD, { callerNowMs: Date.now(), leaseMs: 5_000, lentMax: 8 });
  const first = () => store.firstDue([SHARD + 1, SHARD]);
  expect(await first()).toEqual([null, null]);
  await commitNow(store, SHARD, [opening("a", 1_000), opening("b", LATER)]);
  expect(await first()).toEqual([null, 1_000]);
  expect((await claim()).due).toMatchObject([{ messageId: "a" }]);
  expect(await first()).toEqual([null, 0]);
  await store.rearm(epoch!, [{ messageId: "a", version: 1, dueAt: null }]);
  await claim();
  expect(await first()).toEqual([null, LATER]);
});
