// Goal: the scripts do what the model says, whatever comes in whatever order from two processes.
// Method: random calls go to real Redis and to the model; every reply is compared, and at the end
// everything that Redis holds. The seed that a failure prints repeats it.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { createFlowStore } from "#libs/flow-store/flow-store.ts";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import { createCounterGuard, LostWritesError } from "#libs/flow-store/lost-writes.ts";
import type { FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import {
  type ModelShard,
  modelAck,
  modelClaim,
  modelCommit,
  modelLoad,
  newModelShard,
} from "#test/support/flow-store-model.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

const SEQUENCE_COUNT = 500;
const SHARD_COUNT = 16;
const SHARD = 3;
const log = pino({ level: "silent" });
/** Far from now on both sides, so that only the test's own leases come due while it runs. */
const HOUR_MS = 3_600_000;

let server: RedisServer;
let redis: RedisConnection;

beforeAll(async () => {
  server = await startRedisServer();
  redis = await connectRedis({ url: server.url, log });
  await connectFlowStore(redis, { shardCount: SHARD_COUNT, log });
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const anyId = fc.constantFrom("a", "b", "c", "counter", "é-7", "0f8b2c9e-4d51-4a7e");
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const hours = fc.integer({ min: -3, max: 3 }).filter((hour) => hour !== 0);
const transition = fc.record({
  messageId: anyId,
  // What the caller believes, relative to what is stored: mostly right.
  staleness: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -2, max: 2 })),
  state: bytes,
  outbox: bytes,
  dueInHours: fc.option(hours),
  keepMs: fc.option(fc.integer({ min: HOUR_MS, max: 9 * HOUR_MS })),
});
const either = fc.nat({ max: 1 });
const anyCall = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("load" as const),
      process: either,
      ids: fc.uniqueArray(anyId),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("commit" as const),
      process: either,
      transitions: fc.uniqueArray(transition, { selector: (one) => one.messageId, minLength: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("ack" as const),
      process: either,
      pick: fc.nat(),
      versionsBehind: fc.nat({ max: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("claim" as const),
      process: either,
      skewHours: fc.integer({ min: -4, max: 4 }),
      leaseMs: fc.constantFrom(1, 5_000, HOUR_MS),
      countMax: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("readOutbox" as const),
      process: either,
      countMax: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("loseWrites" as const),
      by: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("restoreCounter" as const) }) },
);
type Call = typeof anyCall extends fc.Arbitrary<infer T> ? T : never;

it("does in Redis what the model says, reply by reply and key by key", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { maxLength: 40, size: "max" }), async (calls) => {
      const run = await newRun();
      for (const one of calls) await runCall(one, run);
      expect(await everythingInRedis()).toEqual(everythingInModel(run.model));
    }),
    { numRuns: SEQUENCE_COUNT },
  );
}, 120_000);

/** A store as another process has it: it has seen nothing yet. */
function newStore(): FlowStore {
  return createFlowStore({ redis, guard: createCounterGuard(SHARD_COUNT, log) }, SHARD_COUNT);
}

type Run = {
  model: ModelShard;
  stores: FlowStore[];
  seen: number[];
  startedAt: number;
  highest: number;
};

async function newRun(): Promise<Run> {
  await redis.client.flushall();
  const stores = [newStore(), newStore()];
  return { model: newModelShard(), stores, seen: [0, 0], startedAt: Date.now(), highest: 0 };
}

async function runCall(call: Call, run: Run): Promise<void> {
  const { model } = run;
  switch (call.type) {
    case "load":
      return unlessLost(call.process, run, async (store) => {
        const { messages, nowMs } = await store.load(SHARD, call.ids);
        assert.deepEqual(messages, modelLoad(model, call.ids));
        assert.ok(Math.abs(nowMs - Date.now()) < 1_000);
      });
    case "commit":
      return unlessLost(call.process, run, async (store) => {
        const transitions = call.transitions.map((one) => toTransition(one, run));
        const result = await store.commit(SHARD, transitions);
        assert.deepEqual(result, modelCommit(model, transitions, result.entryId));
        run.highest = Math.max(run.highest, model.counter);
      });
    case "claim":
      return unlessLost(call.process, run, async (store) => {
        const callerNowMs = Date.now() + call.skewHours * HOUR_MS;
        const claim = { callerNowMs, leaseMs: call.leaseMs, countMax: call.countMax };
        const result = await store.claimDue(SHARD, claim);
        assert.deepEqual(result, modelClaim(model, claim, result.nowMs));
      });
    case "ack": {
      const entry = model.outbox[call.pick % (model.outbox.length || 1)];
      if (!entry) return;
      const published = [...entry.messages].map(([messageId, [version]]) => {
        return { messageId, version: version - call.versionsBehind };
      });
      const store = run.stores[call.process]!;
      const expected = modelAck(model, entry.entryId, published);
      assert.deepEqual(await store.ack(SHARD, entry.entryId, published), expected);
      return;
    }
    case "readOutbox": {
      const entries = await run.stores[call.process]!.readOutbox(SHARD, {
        countMax: call.countMax,
        minAgeMs: 0,
      });
      assert.deepEqual(entries.map(withoutAge), model.outbox.slice(0, call.countMax));
      assert.ok(entries.every(({ ageMs }) => ageMs >= 0));
      return;
    }
    case "loseWrites":
      return setCounter(Math.max(0, model.counter - call.by), run);
    case "restoreCounter":
      return setCounter(run.highest, run);
  }
}

/** A store that has seen a higher counter must refuse; the model then stays as it is. */
async function unlessLost(
  process: number,
  { model, stores, seen }: Run,
  act: (store: FlowStore) => Promise<void>,
): Promise<void> {
  const store = stores[process]!;
  if (model.counter < seen[process]!) {
    await expect(act(store)).rejects.toThrow(LostWritesError);
    return;
  }
  await act(store);
  seen[process] = Math.max(seen[process]!, model.counter);
}

async function setCounter(counter: number, { model }: Run): Promise<void> {
  model.counter = counter;
  await redis.client.set(shardKeys(SHARD).counter, counter);
}

type Drawn = typeof transition extends fc.Arbitrary<infer T> ? T : never;

function toTransition(drawn: Drawn, { model, startedAt }: Run): Transition {
  const { messageId, staleness, state, outbox, dueInHours, keepMs } = drawn;
  const stored = model.messages.get(messageId)?.version ?? 0;
  const dueAt = dueInHours === null ? null : startedAt + dueInHours * HOUR_MS;
  return {
    messageId,
    expectedVersion: Math.max(0, stored + staleness),
    state,
    outbox,
    dueAt,
    keepMs,
  };
}

function withoutAge(entry: Awaited<ReturnType<FlowStore["readOutbox"]>>[number]) {
  const { entryId, counter, messages } = entry;
  const pairs = messages.map(
    (one) => [one.messageId, [one.version, one.outbox.toString("hex")]] as const,
  );
  return { entryId, counter, messages: new Map(pairs) };
}

async function everythingInRedis() {
  const { client } = redis;
  const { counter, timers } = shardKeys(SHARD);
  const prefix = messageKeys(SHARD, [""])[0]!;
  const known = Object.values(shardKeys(SHARD));
  const allKeys = await client.keys("*");
  const keys = allKeys.filter((key) => key.startsWith(prefix));
  const messages = await Promise.all(
    keys.map(async (key) => {
      const value = (await client.getBuffer(key))!;
      const state = value.subarray(4).toString("hex");
      const isKept = (await client.pttl(key)) === -1;
      return [key.slice(prefix.length), { version: value.readUInt32BE(), state, isKept }] as const;
    }),
  );
  const timerIds = await client.zrange(timers, "-inf", "+inf", "BYSCORE");
  const dueTimes = await Promise.all(timerIds.map((id) => client.zscore(timers, id)));
  return {
    counter: Number((await client.get(counter)) ?? 0),
    messages: new Map(messages),
    timers: new Map(timerIds.map((id, i) => [id, Number(dueTimes[i])])),
    outbox: (await newStore().readOutbox(SHARD, { countMax: 1_000, minAgeMs: 0 })).map(withoutAge),
    strangers: allKeys.filter((key) => !key.startsWith(prefix) && !known.includes(key)),
  };
}

function everythingInModel({ counter, messages, timers, outbox }: ModelShard) {
  return { counter, messages, timers, outbox, strangers: [] };
}
