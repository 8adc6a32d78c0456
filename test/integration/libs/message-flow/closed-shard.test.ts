// One shard is closed, as after lost writes. Invariants: whatever is of the others is moved, fired and
// published; nothing of that shard is, and nothing of it is lost once it is open again.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { topics } from "#libs/contracts/topics.ts";
import { WaitsAloneError } from "#libs/errors.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { publishEntry } from "#libs/message-flow/publish-entry.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { runScheduler } from "#services/delay-scheduler/scheduler.ts";
import { AT_ANY_TIME, openShards } from "#test/support/open-shards.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { startFlow } from "#test/support/test-flow.ts";

const CLOSED = 3;
const log = createLog("message-flow", "fatal");
const resources = new AsyncDisposableStack();
let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, log);
});
afterAll(() => resources.disposeAsync());

function newId(isOfClosed: boolean): string {
  for (;;) {
    const id = randomUUID();
    if ((flow.store.shardOf(id) === CLOSED) === isOfClosed) return id;
  }
}

function arm(messageId: string, dueAt: number): Promise<unknown> {
  const { timers } = shardKeys(flow.store.shardOf(messageId));
  return flow.redis.at("").zadd(timers, dueAt, messageId);
}

function requestOf(messageId: string): MessageInput {
  const request = storedRequest({ messageId, accountId: "demo", requestedAt: Date.now() });
  const bytes = flow.contracts.sendRequest.encode(request);
  const given = { messageId, accountId: "demo", request, faults: [], bytes };
  return {
    type: "SendRequest",
    ...given,
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  };
}

/** A flow of a process of its own, and what it published. */
function watched() {
  const published: OutgoingRecord[] = [];
  const publish = async (records: readonly OutgoingRecord[]) => void published.push(...records);
  const producer = { publish, [Symbol.asyncDispose]: async () => {} };
  const own: Flow = { ...flow, producer };
  const keys = (topic: string) =>
    published.filter((one) => one.topic === topic).map(({ key }) => key);
  return { own, published, keys };
}

async function close(): Promise<void> {
  await flow.redis.at("").set(shardKeys(CLOSED).epoch, "000001-00000000 lost");
}

async function open(): Promise<Epoch[]> {
  return openShards(flow.store);
}

it("moves the messages of the others, and those of the closed one when it is open", async () => {
  const [sick, well] = [newId(true), newId(false)];
  const { own, keys } = watched();
  await close();
  const moving = advance([requestOf(sick), requestOf(well)], own);
  await expect(moving).rejects.toBeInstanceOf(ShardClosedError);
  await expect(moving).rejects.toMatchObject({ shard: CLOSED, waitsFor: "shard 3" });
  expect(keys(topics.messageJournal.name)).toEqual([well]);
  await open();
  await advance([requestOf(sick), requestOf(well)], own);
  expect(keys(topics.messageJournal.name)).toEqual([well, sick]);
});

it("fires the timers of the others at once, and says which shard it cannot", async () => {
  const well = newId(false);
  const sick = newId(true);
  await flow.redis.at("").zadd(shardKeys(flow.store.shardOf(well)).timers, 1, well);
  await flow.redis.at("").zadd(shardKeys(CLOSED).timers, 1, sick);
  await close();
  const { own, keys } = watched();
  const stopping = new AbortController();
  let reasons: readonly string[] = [];
  const onClosed = vi.fn<() => Promise<void>>(async () => {});
  const onTurn = (now: readonly string[]) => {
    reasons = now;
  };
  const stop = stopping.signal;
  const turning = { stop, onTurn, onClosed, stores: async () => [] };
  const running = runScheduler({ flow: own, leaseMs: 5_000, log, ...turning });
  await expect.poll(() => keys(topics.timerTicks.name)).toContain(well);
  await expect.poll(() => reasons.join()).toContain("Shard 3 is closed");
  expect(keys(topics.timerTicks.name)).not.toContain(sick);
  await open();
  await expect.poll(() => keys(topics.timerTicks.name)).toContain(sick);
  await expect.poll(() => reasons).toEqual([]);
  stopping.abort();
  await running;
  expect(onClosed).toHaveBeenCalled();
});

it("fires what is armed while nothing was due, and what is due at once", async () => {
  const [soon, atOnce] = [newId(false), newId(true)];
  const { own, keys } = watched();
  const stopping = new AbortController();
  let turnCount = 0;
  const onTurn = () => void turnCount++;
  const turning = {
    stop: stopping.signal,
    onTurn,
    onClosed: async () => {},
    stores: async () => [],
  };
  const running = runScheduler({ flow: own, leaseMs: 60_000, log, ...turning });
  await expect.poll(() => turnCount).toBeGreaterThan(3);
  const dueAt = Date.now() + 300;
  await arm(soon, dueAt);
  await arm(atOnce, 1);
  await expect.poll(() => keys(topics.timerTicks.name)).toContain(soon);
  expect(Date.now()).toBeGreaterThanOrEqual(dueAt);
  expect(keys(topics.timerTicks.name).filter((id) => id === atOnce)).toEqual([atOnce]);
  stopping.abort();
  await running;
});

it("opens the stores beside the shards when somebody else has opened a shard, who may be dead by now, or has a store", async () => {
  const { own } = watched();
  const stopping = new AbortController();
  const onClosed = vi.fn<() => Promise<void>>(async () => {});
  let stores = ["a store of a process"];
  const ending = { stop: stopping.signal, stores: async () => stores };
  const turning = { onTurn: () => undefined, onClosed, ...ending };
  const running = runScheduler({ flow: own, leaseMs: 5_000, log, ...turning });
  // Once at the start; a second look finds nothing to do.
  await expect.poll(() => onClosed.mock.calls.length, { timeout: 5_000 }).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(onClosed).toHaveBeenCalledTimes(1);
  const reopened = `000099-00000000 ${flow.redis.server("")}`;
  await flow.redis.at("").set(shardKeys(CLOSED).epoch, reopened);
  await expect.poll(() => onClosed.mock.calls.length, { timeout: 5_000 }).toBe(2);
  stores = ["a store of another one"];
  await expect.poll(() => onClosed.mock.calls.length, { timeout: 5_000 }).toBe(3);
  stopping.abort();
  await running;
});

it("does not take an entry for published in a Redis that was emptied meanwhile", async () => {
  const { own } = watched();
  const { epoch } = await flow.store.load(CLOSED, []);
  const messageId = newId(true);
  const state = {
    state: Buffer.from("x"),
    dueAt: null,
    keepMs: 60_000,
    outbox: Buffer.from([0]),
    ...AT_ANY_TIME,
  };
  const { entryId } = await flow.store.commit(epoch, [{ messageId, expectedVersion: 0, ...state }]);
  await flow.redis.at("").flushall();
  const messages = [{ messageId, version: 1, records: [] }];
  const publishing = publishEntry({ epoch, entryId: entryId!, messages }, own);
  await expect(publishing).rejects.toBeInstanceOf(WaitsAloneError);
  await open();
});

it("publishes nothing of an entry whose process stood still while Redis was emptied and restored", async () => {
  const { own, published } = watched();
  const commit: Flow["store"]["commit"] = async (epoch, transitions) => {
    const committed = await flow.store.commit(epoch, transitions);
    await flow.redis.at("").flushall();
    await open();
    await sleep(500);
    return committed;
  };
  const moving = advance([requestOf(newId(false))], { ...own, store: { ...flow.store, commit } });
  await expect(moving).rejects.toBeInstanceOf(ShardClosedError);
  expect(published).toEqual([]);
});

it("tells nothing of an entry whose Redis went while its journal record was on the way", async () => {
  const { own, published } = watched();
  const slowly: Flow["producer"]["publish"] = async (records) => {
    await own.producer.publish(records);
    // Emptied, restored and open again, and no call of this process has heard of that.
    await flow.redis.at("").flushall();
    await open();
    await sleep(500);
  };
  const moving = advance([requestOf(newId(false))], {
    ...own,
    producer: { ...own.producer, publish: slowly },
  });
  await expect(moving).rejects.toBeInstanceOf(ShardClosedError);
  expect(published.map(({ topic }) => topic)).toEqual([topics.messageJournal.name]);
});
