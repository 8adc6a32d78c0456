// Goal: the scripts do what the model says, whatever comes in whatever order from two processes.
// Method: random calls go to Redis, a real one and that of the simulation, and to the model; every reply is
// compared, and at the end everything that Redis holds. The seed that a failure prints repeats it.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { type Epoch, LOST } from "#libs/flow-store/epoch.ts";
import { createEpochGuard } from "#libs/flow-store/epoch-guard.ts";
import { createFlowStore } from "#libs/flow-store/flow-store.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { DueTimer, FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import {
  anyCall,
  type Call,
  type DrawnTransition,
  HOUR_MS,
} from "#test/support/flow-store-calls.ts";
import {
  isModelOpen,
  type ModelShard,
  modelAck,
  modelClaim,
  modelCommit,
  modelList,
  modelLoad,
  modelRearm,
  modelUnpublished,
  newModelShard,
} from "#test/support/flow-store-model.ts";
import { openShards } from "#test/support/open-shards.ts";
import { shardDump, withoutAge } from "#test/support/shard-dump.ts";
import { startTestRedis } from "#test/support/test-redis.ts";

const SEQUENCE_COUNT = 500;
const SHARD_COUNT = 16;
const SHARD = 3;
const log = pino({ level: "silent" });
const dumping = { shardCount: SHARD_COUNT, log };

let redis: Awaited<ReturnType<typeof startTestRedis>>;

beforeAll(async () => {
  redis = await startTestRedis(log);
  await connectFlowStore(redis, { shardCount: SHARD_COUNT, log });
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

it("does in Redis what the model says, reply by reply and key by key", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyCall, { maxLength: 40, size: "max" }), async (calls) => {
      const run = await newRun();
      for (const one of calls) await runCall(one, run);
      expect(await shardDump(redis, { shard: SHARD, token: run.model.epoch }, dumping)).toEqual(
        everythingInModel(run.model),
      );
    }),
    { numRuns: SEQUENCE_COUNT },
  );
}, 120_000);

/** A store as another process has it: it has seen nothing yet. */
function newStore(): FlowStore {
  const guard = createEpochGuard({ redis, shardCount: SHARD_COUNT, log });
  return createFlowStore({ redis, guard }, SHARD_COUNT);
}

type Run = {
  model: ModelShard;
  stores: FlowStore[];
  /** By process: the epoch that it has read last, and the highest counter that it has seen in which. */
  held: Epoch[];
  seen: { token: string; counter: number }[];
  startedAt: number;
};

async function newRun(): Promise<Run> {
  await redis.at("").flushall();
  const stores = [newStore(), newStore()];
  const { token } = (await openShards(stores[0]!))[SHARD]!;
  const epoch = { shard: SHARD, token };
  const seen = stores.map(() => ({ token, counter: 0 }));
  const model = { ...newModelShard(), epoch: token };
  return { model, stores, held: [epoch, epoch], seen, startedAt: Date.now() };
}

async function runCall(call: Call, run: Run): Promise<void> {
  const { model } = run;
  switch (call.type) {
    case "load":
      return unlessClosed(call.process, run, async (store) => {
        const { epoch, counter, messages, nowMs } = await store.load(SHARD, call.ids);
        assert.deepEqual(
          { counter, token: epoch.token },
          { counter: model.counter, token: model.epoch },
        );
        assert.deepEqual(messages, modelLoad(model, call.ids));
        assert.ok(Math.abs(nowMs - Date.now()) < 1_000);
        run.held[call.process] = epoch;
        noteSeen(call.process, run);
      });
    case "commit":
      return unlessOver(call.process, run, async (store, epoch) => {
        const transitions = call.transitions.map((one) => toTransition(one, run));
        const result = await store.commit(epoch, transitions);
        const written = { ...result, nowMs: run.startedAt };
        assert.deepEqual(result, modelCommit(model, transitions, written));
        noteSeen(call.process, run);
      });
    case "claim": {
      const callerNowMs = Date.now() + call.skewSeconds * 1_000;
      const claim = { callerNowMs, leaseMs: call.leaseMs, lentMax: call.lentMax };
      if (Math.abs(call.skewSeconds) > 5) {
        const store = run.stores[call.process]!;
        return assert.rejects(store.claimDue(SHARD, claim), RetriableError);
      }
      return unlessClosed(call.process, run, async (store) => {
        const { epoch, due, ...rest } = await store.claimDue(SHARD, claim);
        assert.equal(epoch.token, model.epoch);
        const expected = modelClaim(model, claim, rest.nowMs);
        assert.deepEqual({ ...rest, due: byId(due) }, { ...expected, due: byId(expected.due) });
        noteSeen(call.process, run);
      });
    }
    case "ack": {
      const entry = model.outbox[call.pick % (model.outbox.length || 1)];
      if (!entry) return;
      const published = [...entry.messages].map(([messageId, [version]]) => {
        return { messageId, version: version - call.versionsBehind };
      });
      return unlessOver(call.process, run, async (store, epoch) => {
        const result = await store.ack(epoch, entry.entryId, published);
        const newer = modelAck(model, entry.entryId, published);
        assert.deepEqual(result, { newer, counter: model.counter });
      });
    }
    case "rearm": {
      const timers = call.timers.map(({ messageId, staleness, dueInHours }) => ({
        messageId,
        version: Math.max(0, (model.messages.get(messageId)?.version ?? 0) - staleness),
        dueAt: dueInHours === null ? null : run.startedAt + dueInHours * HOUR_MS,
      }));
      return unlessOver(call.process, run, async (store, epoch) => {
        const moved = await store.rearm(epoch, timers);
        assert.equal(moved, modelRearm(model, timers));
      });
    }
    case "readOutbox":
      return unlessClosed(call.process, run, async (store) => {
        const { countMax } = call;
        const { epoch, entries } = await store.readOutbox(SHARD, { countMax, minAgeMs: 0 });
        assert.equal(epoch.token, model.epoch);
        run.held[call.process] = epoch;
        assert.deepEqual(entries.map(withoutAge), model.outbox.slice(0, countMax));
        assert.ok(entries.every(({ ageMs }) => ageMs >= 0));
      });
    case "unpublished":
      return unlessOver(call.process, run, async (store, epoch) => {
        const counter = model.counter - call.countersBehind;
        const held = await store.unpublished({ epoch, counter }, call.ids);
        assert.deepEqual(held, modelUnpublished(model, counter, call.ids));
      });
    case "list": {
      const { accountId, ages, countMax } = call;
      const after = call.after && atOf(call.after, run);
      const [toMs, fromMs] = ages.toSorted((a, b) => a - b).map((age) => run.startedAt - age);
      const range = { fromMs: fromMs!, toMs: toMs!, after, countMax };
      return unlessClosed(call.process, run, async (store) => {
        const listed = await store.list(accountId, range);
        assert.deepEqual(listed, modelList(model, accountId, range));
      });
    }
    case "unlist": {
      const { accountId, id } = call;
      return unlessOver(call.process, run, async (store, epoch) => {
        await store.unlist(epoch, accountId, [id]);
        model.indexes.get(accountId)?.delete(id);
        if (model.indexes.get(accountId)?.size === 0) model.indexes.delete(accountId);
      });
    }
    case "loseWrites":
      model.counter = Math.max(0, model.counter - call.by);
      await redis.at("").set(shardKeys(SHARD).counter, model.counter);
      return;
    case "loseEpoch":
      model.epoch = call.value;
      await (call.value === ""
        ? redis.at("").del(shardKeys(SHARD).epoch)
        : redis.at("").set(shardKeys(SHARD).epoch, call.value));
      return;
    case "open": {
      const found = (await run.stores[call.process]!.inspect())[SHARD]!;
      const { epoch, isOpen, counter } = found;
      assert.deepEqual(
        { counter, token: epoch.token },
        { counter: model.counter, token: model.epoch },
      );
      assert.equal(isOpen, isModelOpen(model, redis.server("")));
      if (isOpen) return;
      const known = { counter: model.counter + call.more, lastEpoch: "000007-aaaaaaaa" };
      const opened = await run.stores[call.process]!.open(found, known);
      assert.ok(
        opened.token > "000007-aaaaaaaa" && isModelOpen({ epoch: opened.token }, redis.server("")),
      );
      const heldCounter = model.outbox.at(-1)?.counter ?? 0;
      Object.assign(model, {
        epoch: opened.token,
        counter: Math.max(known.counter, heldCounter),
      });
      return;
    }
  }
}

/** Whoever begins anew is refused on a closed shard, and closes one that lost what it has seen. */
async function unlessClosed(
  process: number,
  run: Run,
  act: (store: FlowStore) => Promise<void>,
): Promise<void> {
  const { model, stores } = run;
  if (!isModelOpen(model, redis.server(""))) return refused(act(stores[process]!));
  await noteLoss(process, run, () => act(stores[process]!));
}

/** Whoever goes on does so in the epoch that it has read last, or is refused. */
async function unlessOver(
  process: number,
  run: Run,
  act: (store: FlowStore, epoch: Epoch) => Promise<void>,
): Promise<void> {
  const { model, stores, held } = run;
  const [store, epoch] = [stores[process]!, held[process]!];
  if (epoch.token !== model.epoch) return refused(act(store, epoch));
  await noteLoss(process, run, () => act(store, epoch));
}
/** A call that finds a lower counter than its process has seen closes the shard for both. */
async function noteLoss(process: number, run: Run, act: () => Promise<void>): Promise<void> {
  const { model, seen } = run;
  const before = seen[process]!;
  if (before.token === model.epoch && model.counter < before.counter) {
    await refused(act());
    model.epoch = `${model.epoch.split(" ")[0]} ${LOST}`;
    return;
  }
  await act();
}

/** Replies of some calls tell the counter, and the process remembers it. */
function noteSeen(process: number, { model, seen }: Run): void {
  const counter = Math.max(model.counter, counterIn(seen[process]!, model.epoch));
  seen[process] = { token: model.epoch, counter };
}

function counterIn(seen: { token: string; counter: number }, token: string): number {
  return seen.token === token ? seen.counter : 0;
}

/** `act` compares replies only once there are any: the model stays as it is. */
async function refused(acting: Promise<void>): Promise<void> {
  await expect(acting).rejects.toThrow(ShardClosedError);
}

function atOf<Aged extends { ageMs: number }>({ ageMs, ...one }: Aged, { startedAt }: Run) {
  return { ...one, at: startedAt - ageMs };
}

function toTransition(drawn: DrawnTransition, run: Run): Transition {
  const { messageId, staleness, state, outbox, storeByInHours, dueInHours, keepMs, indexed } =
    drawn;
  const { model, startedAt } = run;
  const stored = model.messages.get(messageId)?.version ?? 0;
  const dueAt = dueInHours === null ? null : startedAt + dueInHours * HOUR_MS;
  return {
    messageId,
    expectedVersion: Math.max(0, stored + staleness),
    storeBy: startedAt + storeByInHours * HOUR_MS,
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

function everythingInModel(model: ModelShard) {
  return { ...model, strangers: [] };
}
