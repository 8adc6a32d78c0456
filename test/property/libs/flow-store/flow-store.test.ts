// Goal: the scripts do what the model says, whatever comes in whatever order from two processes.
// Method: random calls go to real Redis and to the model; every reply is compared, and at the end
// everything that Redis holds. The seed that a failure prints repeats it.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { INDEX_KEEP_MS } from "#libs/flow-store/commit.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { createFlowStore } from "#libs/flow-store/flow-store.ts";
import { accountKey, messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import { createCounterGuard, LostWritesError } from "#libs/flow-store/lost-writes.ts";
import type { DueTimer, FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { toNumber, toPairs, toText } from "#libs/redis/reply.ts";
import {
  anyCall,
  type Call,
  type DrawnTransition,
  HOUR_MS,
} from "#test/support/flow-store-calls.ts";
import {
  type ModelShard,
  modelAck,
  modelClaim,
  modelCommit,
  modelList,
  modelLoad,
  modelRearm,
  newModelShard,
} from "#test/support/flow-store-model.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

const SEQUENCE_COUNT = 500;
const SHARD_COUNT = 16;
const SHARD = 3;
const log = pino({ level: "silent" });

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
        assert.deepEqual(
          result,
          modelCommit(model, transitions, { ...result, nowMs: run.startedAt }),
        );
        run.highest = Math.max(run.highest, model.counter);
      });
    case "claim": {
      const callerNowMs = Date.now() + call.skewSeconds * 1_000;
      const claim = { callerNowMs, leaseMs: call.leaseMs, lentMax: call.lentMax };
      if (Math.abs(call.skewSeconds) > 5) {
        const store = run.stores[call.process]!;
        return assert.rejects(store.claimDue(SHARD, claim), RetriableError);
      }
      return unlessLost(call.process, run, async (store) => {
        const { due, ...rest } = await store.claimDue(SHARD, claim);
        const expected = modelClaim(model, claim, rest.nowMs);
        assert.deepEqual({ ...rest, due: byId(due) }, { ...expected, due: byId(expected.due) });
      });
    }
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
    case "rearm": {
      const timers = call.timers.map(({ messageId, staleness, dueInHours }) => ({
        messageId,
        version: Math.max(0, (model.messages.get(messageId)?.version ?? 0) - staleness),
        dueAt: dueInHours === null ? null : run.startedAt + dueInHours * HOUR_MS,
      }));
      const moved = await run.stores[call.process]!.rearm(SHARD, timers);
      assert.equal(moved, modelRearm(model, timers));
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
    case "list": {
      const { accountId, ages, countMax } = call;
      const after = call.after && atOf(call.after, run);
      const [toMs, fromMs] = ages.toSorted((a, b) => a - b).map((age) => run.startedAt - age);
      const range = { fromMs: fromMs!, toMs: toMs!, after, countMax };
      const listed = await run.stores[call.process]!.list(accountId, range);
      assert.deepEqual(listed, modelList(model, accountId, range));
      return;
    }
    case "unlist": {
      const { accountId, id } = call;
      await run.stores[call.process]!.unlist(accountId, [id]);
      // A store looks for a message in its own shard.
      if (newStore().shardOf(id) === SHARD) model.indexes.get(accountId)?.delete(id);
      if (model.indexes.get(accountId)?.size === 0) model.indexes.delete(accountId);
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

function atOf<Aged extends { ageMs: number }>({ ageMs, ...one }: Aged, { startedAt }: Run) {
  return { ...one, at: startedAt - ageMs };
}

function toTransition(drawn: DrawnTransition, run: Run): Transition {
  const { messageId, staleness, state, outbox, dueInHours, keepMs, indexed } = drawn;
  const { model, startedAt } = run;
  const stored = model.messages.get(messageId)?.version ?? 0;
  const dueAt = dueInHours === null ? null : startedAt + dueInHours * HOUR_MS;
  return {
    messageId,
    expectedVersion: Math.max(0, stored + staleness),
    state,
    outbox,
    dueAt,
    keepMs,
    ...(indexed && { indexed: atOf(indexed, run) }),
  };
}

function byId(due: readonly DueTimer[]): DueTimer[] {
  return due.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
}

function withoutAge(entry: Awaited<ReturnType<FlowStore["readOutbox"]>>[number]) {
  if ("fault" in entry) throw new Error(entry.fault);
  const { entryId, counter, messages } = entry;
  const pairs = messages.map(
    (one) => [one.messageId, [one.version, one.outbox.toString("hex")]] as const,
  );
  return { entryId, counter, messages: new Map(pairs) };
}

async function everythingInRedis() {
  const { client } = redis;
  const { counter, timers, lent } = shardKeys(SHARD);
  const prefix = messageKeys(SHARD, [""])[0]!;
  const indexPrefix = accountKey(SHARD, "");
  const known = Object.values(shardKeys(SHARD));
  const allKeys = await client.keys("*");
  const indexKeys = allKeys.filter((key) => key.startsWith(indexPrefix));
  const indexes = await Promise.all(
    indexKeys.map(async (key) => {
      expect(await client.pttl(key)).toBeGreaterThan(INDEX_KEEP_MS - HOUR_MS);
      const entries = toPairs(await client.zrangeBuffer(key, "0", "-1", "WITHSCORES"));
      const listed = entries.map(([id, at]) => [toText(id), toNumber(at)] as const);
      return [key.slice(indexPrefix.length), new Map(listed)] as const;
    }),
  );
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
    lent: new Map(
      Object.entries(await client.hgetall(lent)).map(([id, kept]) => {
        const [dueAt, leaseEndsAt, leaseMs] = kept.split(" ").map(Number);
        return [id, { dueAt, leaseEndsAt, leaseMs }];
      }),
    ),
    outbox: (await newStore().readOutbox(SHARD, { countMax: 1_000, minAgeMs: 0 })).map(withoutAge),
    indexes: new Map(indexes),
    strangers: allKeys.filter((key) => {
      return ![prefix, indexPrefix].some((each) => key.startsWith(each)) && !known.includes(key);
    }),
  };
}

function everythingInModel(model: ModelShard) {
  return { ...model, strangers: [] };
}
