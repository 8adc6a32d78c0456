// What cannot be read, moved or published is one message's, one entry's or one timer's alone.
import { randomBytes, randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError, StageError } from "#libs/errors.ts";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import { deadLettersTold } from "#libs/kafka/lately-told.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { drainAbandoned } from "#libs/message-flow/drain-outbox.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { encodeOutbox } from "#libs/message-flow/outbox.ts";
import { runScheduler } from "#services/delay-scheduler/scheduler.ts";
import { scheduleDelays } from "#services/delay-scheduler/service.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { openShards } from "#test/support/open-shards.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { brokers, startFlow } from "#test/support/test-flow.ts";
import {
  type BeforePublish,
  requestFor,
  topicsOf,
  watchedFlow,
} from "#test/support/watched-flow.ts";

const log = pino({ level: "silent" });
const resources = new AsyncDisposableStack();
const SHARD = 3;

let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, log);
});

afterAll(() => resources.disposeAsync());

/** A message of the shard, so that all that happens stands in one batch. */
function newId(shard = SHARD): string {
  for (;;) {
    const id = randomUUID();
    if (flow.store.shardOf(id) === shard) return id;
  }
}

const requestOf = (messageId: string) => requestFor(messageId, flow);

function tickOf(messageId: string): MessageInput {
  return { type: "TimerTick", messageId, firedAt: Date.now() };
}

const watched = (before?: BeforePublish) => watchedFlow(flow, before);

const outboxCount = () => flow.redis.at("").xlen(shardKeys(SHARD).outbox);

const dueAt = async (messageId: string) => {
  const score = await flow.redis.at("").zscore(shardKeys(SHARD).timers, messageId);
  return score === null ? null : Number(score);
};

/** Bytes that no schema reads stand where the message's state should. */
async function spoil(messageId: string): Promise<void> {
  const version = Buffer.from([0, 0, 0, 1]);
  const bytes = Buffer.concat([version, Buffer.from("no journal entry")]);
  await flow.redis.at("").set(messageKeys(SHARD, [messageId])[0]!, bytes);
}

it("moves the others of a chunk when one message's state cannot be read, and says which stage", async () => {
  const [spoilt, good] = [newId(), newId()];
  await spoil(spoilt);
  const { own, topicsFor } = watched();
  const moving = advance([requestOf(spoilt), requestOf(good)], own);
  await expect(moving).rejects.toBeInstanceOf(StageError);
  await expect(moving).rejects.toMatchObject({ stage: "read" });
  expect(topicsFor(good)).toContain("message-journal");
  expect(topicsFor(spoilt)).toEqual([]);
});

it("goes on with a message whose story cannot be read to its end, and keeps the bytes", async () => {
  const messageId = newId();
  await advance([requestOf(messageId)], flow);
  const [key] = messageKeys(SHARD, [messageId]);
  const whole = (await flow.redis.at("").getBuffer(key!))!;
  const cut = whole.subarray(0, -3);
  await flow.redis.at("").set(key!, cut);
  const { own, published } = watched();
  const of = (topic: string) => published.filter((one) => one.topic === topic);
  const request = storedRequest({ messageId, accountId: "stranger", requestedAt: Date.now() });
  const bytes = flow.contracts.sendRequest.encode(request);
  const taking = { ...requestOf(messageId), accountId: "stranger", request, bytes };
  await advance([taking], own);
  expect(of("message-outcomes")).toHaveLength(1);
  const cancel = { messageId, accountId: "demo", reason: null, requestedAt: Date.now() };
  await advance([{ type: "Cancel", messageId, accountId: "demo", cancel }], own);
  // A state has its version in front, four bytes.
  expect(of("message-journal-dlt")).toMatchObject([{ value: cut.subarray(4) }]);
  expect(of("message-outcomes")).toHaveLength(2);
  const { state } = (await flow.store.read(SHARD, [messageId])).messages[0]!;
  const types = decodeOwn("journal-entry", state!).story.map(({ type }) => type);
  expect(types.at(0)).toBe("REQUEST_ACCEPTED");
  expect(types.at(-1)).toBe("MESSAGE_ENDED");
  await advance([tickOf(messageId)], own);
  expect(of("message-journal-dlt")).toHaveLength(1);
});

it("moves what several calls bring to a shard together, and tells each of its own messages alone", async () => {
  const [spoilt, one, other] = [newId(), newId(), newId()];
  await spoil(spoilt);
  const loads: string[][] = [];
  const load: Flow["store"]["load"] = (shard, ids) => {
    loads.push([...ids]);
    return flow.store.load(shard, ids);
  };
  const { own, topicsFor } = watched();
  const joining = { ...own, store: { ...flow.store, load } };
  const [failed, ...moved] = await Promise.allSettled(
    [spoilt, one, other].map((messageId) => advance([requestOf(messageId)], joining)),
  );
  expect(loads).toEqual([[spoilt, one, other]]);
  expect(failed).toMatchObject({ status: "rejected", reason: { stage: "read" } });
  expect(moved.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  expect([one, other].map((messageId) => topicsFor(messageId).includes("message-journal"))).toEqual(
    [true, true],
  );
});

it("moves what comes together with a message that its whole shard cannot be read for", async () => {
  const [odd, good] = [newId(), newId()];
  // Too short for a version: whoever reads it beside others reads none of them.
  await flow.redis.at("").set(messageKeys(SHARD, [odd])[0]!, "x");
  const { own, topicsFor } = watched();
  const [failed, moved] = await Promise.allSettled(
    [odd, good].map((messageId) => advance([requestOf(messageId)], own)),
  );
  expect(failed).toMatchObject({ status: "rejected", reason: { stage: "read" } });
  expect(moved).toMatchObject({ status: "fulfilled" });
  expect(topicsFor(good)).toContain("message-journal");
});

it("stores nothing of a message whose records no topic would take", async () => {
  const [large, good] = [newId(), newId()];
  const { own, topicsFor } = watched();
  const tooMuch = { ...requestOf(large), traceparent: "x".repeat(3 * 1024 * 1024) };
  const moving = advance([tooMuch, requestOf(good)], own);
  await expect(moving).rejects.toThrow(/would have \d+ bytes/);
  expect(topicsFor(good)).toContain("message-journal");
  expect(topicsFor(large)).toEqual([]);
  const { messages } = await flow.store.load(SHARD, [large]);
  expect(messages).toMatchObject([{ state: null }]);
  expect(await outboxCount()).toBe(0);
  expect(await dueAt(large)).toBeNull();
});

it("moves the others of a chunk when one shard cannot be loaded", async () => {
  const good = newId();
  const foreign = Array.from({ length: 100 }, () => randomUUID()).find(
    (id) => flow.store.shardOf(id) !== SHARD,
  )!;
  const { own, topicsFor } = watched();
  const load: Flow["store"]["load"] = (shard, ids) =>
    shard === SHARD ? flow.store.load(shard, ids) : Promise.reject(new RetriableError("away"));
  const moving = advance([requestOf(foreign), requestOf(good)], {
    ...own,
    store: { ...flow.store, load },
  });
  await expect(moving).rejects.toThrow(RetriableError);
  expect(topicsFor(good)).toContain("message-journal");
});

it("postpones the timer of a message that cannot be moved, and one of no message", async () => {
  const [spoilt, unknown, good] = [newId(), newId(), newId()];
  await advance([requestOf(good)], flow);
  const armed = await dueAt(good);
  await spoil(spoilt);
  const { timers } = shardKeys(SHARD);
  await flow.redis.at("").zadd(timers, Date.now(), spoilt, Date.now(), unknown);
  await expect(advance([spoilt, unknown, good].map(tickOf), flow)).rejects.toThrow(StageError);
  expect(await dueAt(spoilt)).toBeGreaterThan(Date.now() + 3_000_000);
  expect(await dueAt(unknown)).toBeGreaterThan(Date.now() + 3_000_000);
  expect(await dueAt(good)).toBe(armed);
});

it("puts a timer back where its message's state says, after a tick that decides nothing", async () => {
  const messageId = newId();
  await advance([requestOf(messageId)], flow);
  const armed = await dueAt(messageId);
  await flow.redis.at("").zadd(shardKeys(SHARD).timers, 5, messageId);
  await advance([tickOf(messageId)], flow);
  expect(await dueAt(messageId)).toBe(armed);
});

it("leaves a timer where it is whatever instant a tick claims that comes before its time", async () => {
  const messageId = newId();
  await advance([requestOf(messageId)], flow);
  const armed = await dueAt(messageId);
  const tick = { ...tickOf(messageId), firedAt: Date.now() + 86_400_000 };
  await advance([tick], flow);
  expect(await dueAt(messageId)).toBe(armed);
});

/** Commits a message whose outbox entry holds `records` besides the journal's, as a dead process left it. */
async function leave(messageId: string, outbox: Buffer): Promise<void> {
  const away = watched(() => {
    throw new RetriableError("Kafka is away");
  });
  const commit: Flow["store"]["commit"] = (shard, transitions) =>
    flow.store.commit(
      shard,
      transitions.map((one) => ({ ...one, outbox })),
    );
  const store = { ...flow.store, commit };
  await expect(advance([requestOf(messageId)], { ...away.own, store })).rejects.toThrow("away");
}

/** Once they are old enough to be a dead process'. */
async function drainAll(own: Flow): Promise<void> {
  await expect.poll(() => drainAbandoned(SHARD, own).then(outboxCount)).toBe(0);
}

it("sets a record aside that Kafka refuses for good, and publishes the rest of its entry", async () => {
  const messageId = newId();
  const value = randomBytes(3 * 1024 * 1024);
  const tooLarge: OutgoingRecord = { topic: "dispatch-sms", key: messageId, value };
  const fits: OutgoingRecord = { topic: "dispatch-viber", key: messageId, value: Buffer.from("x") };
  await leave(messageId, encodeOutbox([tooLarge, fits]));
  const { own, topicsFor, published } = watched();
  await drainAll(own);
  expect(topicsFor(messageId)).toContain("dispatch-sms-dlt");
  const letter = published.find(({ topic }) => topic === "dispatch-sms-dlt");
  expect(letter).toMatchObject({
    value: null,
    headers: { "ft-dlt-reason": expect.stringContaining("refuses it for good") },
  });
});

it("sets an entry aside that nobody can read, and a part of one, and publishes what stands behind", async () => {
  const [unreadable, good] = [newId(), newId()];
  const { outbox } = shardKeys(SHARD);
  const odd = await flow.redis.at("").xadd(outbox, "*", "counter", "x", "versions", "", "a", "b");
  await leave(unreadable, Buffer.from("no records"));
  await leave(good, encodeOutbox([]));
  const { own, topicsFor, published } = watched();
  await drainAll(own);
  expect(topicsFor(odd!)).toEqual(["message-journal-dlt"]);
  expect(topicsFor(unreadable).toSorted()).toEqual(["message-journal", "message-journal-dlt"]);
  expect(topicsFor(good)).toEqual(["message-journal"]);
  expect(published.length).toBeGreaterThan(0);
});

it("drains everything that lies in the outbox, however many entries that are", async () => {
  const ids = Array.from({ length: 40 }, () => newId());
  for (const messageId of ids) await leave(messageId, encodeOutbox([]));
  const { own, published } = watched();
  await drainAll(own);
  expect(ids.every((id) => topicsOf(published, id).includes("message-journal"))).toBe(true);
});

it("publishes what stands behind more entries than a page has that nobody can publish", async () => {
  const hopeless = Array.from({ length: 20 }, () => newId());
  const good = Array.from({ length: 20 }, () => newId());
  for (const messageId of [...hopeless, ...good]) await leave(messageId, encodeOutbox([]));
  const { own, topicsFor } = watched((records) => {
    if (records.some(({ key }) => hopeless.includes(String(key)))) throw new Error("refused");
  });
  // A drain that finds some of them too young ends at those: what it does with all of them is asked here.
  const page = { countMax: 40, minAgeMs: 5_000 };
  const ofAge = async () => (await flow.store.readOutbox(SHARD, page)).entries.length;
  await expect.poll(ofAge, { timeout: 30_000 }).toBe(40);
  // The first page of 16 is hopeless, the second in part: a drain goes on until it has published as many.
  expect(await drainAbandoned(SHARD, own)).toBeGreaterThanOrEqual(16);
  await expect.poll(() => drainAbandoned(SHARD, own)).toBe(0);
  expect(good.map(topicsFor)).toEqual(good.map(() => ["message-journal"]));
  expect(await outboxCount()).toBe(hopeless.length);
  await drainAll(watched().own);
});

it("drops a timer whose tick nobody could take, and fires those of other shards although one has lost its own, whose outbox is drained once it is open", async () => {
  const good = newId();
  const { timers } = shardKeys(SHARD);
  await flow.redis.at("").zadd(timers, 1, good, 1, "m".repeat(300));
  const broken = shardKeys(SHARD + 1).timers;
  // What a process has left there is published, whatever its timers meet.
  const left = newId(SHARD + 1);
  await leave(left, encodeOutbox([]));
  await flow.redis.at("").del(broken);
  await flow.redis.at("").set(broken, "no sorted set");
  const { own, topicsFor } = watched();
  const stopping = new AbortController();
  const turns: (readonly string[])[] = [];
  const running = runScheduler({
    flow: own,
    leaseMs: 60_000,
    log,
    stop: stopping.signal,
    onTurn: (reasons) => void turns.push(reasons),
    stores: async () => [],
    onClosed: async () => {},
  });
  await expect.poll(() => topicsFor(good), { timeout: 30_000 }).toContain(topics.timerTicks.name);
  await expect.poll(() => dueAt("m".repeat(300)), { timeout: 30_000 }).toBeNull();
  await expect.poll(() => turns.flat().join()).toContain(`Shard ${SHARD + 1} is closed`);
  await openShards(flow.store);
  await expect.poll(() => topicsFor(left), { timeout: 30_000 }).toEqual(["message-journal"]);
  stopping.abort();
  await running;
  expect(topicsFor("m".repeat(300))).toEqual(["timer-ticks-dlt"]);
});

it("tells with the delay-scheduler's readiness what it has set aside", async () => {
  const own = { ...flow, letters: deadLettersTold() };
  await using scheduler = await scheduleDelays(
    own,
    { kafka: { brokers }, leaseMs: 60_000 },
    { log, onFatal: (error) => expect.fail(String(error)) },
  );
  await flow.redis.at("").zadd(shardKeys(SHARD).timers, 1, "n".repeat(300));
  const told = () => scheduler.whyNotReady();
  await expect
    .poll(told, { timeout: 30_000 })
    .toContain(
      "a record of timer-ticks became a dead letter: The timer-tick is out of its bounds: too-long at /messageId.",
    );
});

it("drains nothing of live processes", async () => {
  await leave(newId(), encodeOutbox([]));
  expect(await drainAbandoned(SHARD, watched().own)).toBe(0);
  await drainAll(watched().own);
});
