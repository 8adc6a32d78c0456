// What a drain cannot publish costs the next one nothing, and holds up nothing but what is of its own messages.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { Sendable } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { drainAbandoned } from "#libs/message-flow/drain-outbox.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { runScheduler } from "#services/delay-scheduler/scheduler.ts";
import { startFlow } from "#test/support/test-flow.ts";
import { requestFor, watchedFlow } from "#test/support/watched-flow.ts";

const log = pino({ level: "silent" });
const resources = new AsyncDisposableStack();
let flow: ConnectedFlow;
let shard = 0;

beforeAll(async () => {
  flow = await startFlow(resources, log);
});
afterEach(() => {
  vi.restoreAllMocks();
  // Each test has a shard of its own.
  shard++;
});
afterAll(() => resources.disposeAsync());

function newIds(count: number): string[] {
  const ids: string[] = [];
  while (ids.length < count) {
    const id = randomUUID();
    if (flow.store.shardOf(id) === shard) ids.push(id);
  }
  return ids;
}

/** Each an entry of its own, as a process leaves it that dies before it publishes. */
async function leave(...inputs: MessageInput[]): Promise<void> {
  const dead = watchedFlow(flow, () => {
    throw new RetriableError("Kafka is away");
  });
  for (const input of inputs) await expect(advance([input], dead.own)).rejects.toThrow("away");
}

const requestsOf = (ids: readonly string[]) => ids.map((id) => requestFor(id, flow));

function cancelOf(messageId: string): MessageInput {
  const cancel = { messageId, accountId: "demo", reason: null, requestedAt: Date.now() };
  return { type: "Cancel", messageId, accountId: "demo", cancel };
}

/** A process to which `fault` happens with records of these messages, and how often it has. */
function failing(fault: Error, ids: readonly string[]) {
  let isMended = false;
  let faultCount = 0;
  const watched = watchedFlow(flow, (records: readonly Sendable[]) => {
    if (isMended || !records.some(({ key }) => ids.includes(String(key)))) return;
    faultCount++;
    throw fault;
  });
  return { ...watched, faultCount: () => faultCount, mend: () => void (isMended = true) };
}

/** Until so many are old enough to be a dead process'. */
async function ofAge(count: number): Promise<void> {
  const page = { countMax: 100, minAgeMs: 5_000 };
  const old = async () => (await flow.store.readOutbox(shard, page)).entries.length;
  await expect.poll(old, { timeout: 30_000 }).toBe(count);
}

const leftCount = () => flow.redis.at("").xlen(shardKeys(shard).outbox);

it("tries what a bug keeps there once, goes on behind it, and comes back to it a page a minute later", async () => {
  const [stuck, good] = [newIds(20), newIds(1)];
  await leave(...requestsOf(stuck));
  await ofAge(20);
  const { own, topicsFor, faultCount, mend } = failing(new Error("refused"), stuck);
  const reads = vi.spyOn(own.store, "readOutbox");
  await drainAbandoned(shard, own);
  expect(faultCount()).toBe(20);
  reads.mockClear();
  for (let drain = 0; drain < 3; drain++) expect(await drainAbandoned(shard, own)).toBe(0);
  expect(faultCount()).toBe(20);
  expect(reads).toHaveBeenCalledTimes(3);

  await leave(...requestsOf(good));
  await expect.poll(() => drainAbandoned(shard, own), { timeout: 30_000 }).toBe(1);
  expect(topicsFor(good[0]!)).toContain(topics.messageJournal.name);
  expect(faultCount()).toBe(20);

  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + 60_000);
  await drainAbandoned(shard, own);
  expect(faultCount()).toBe(36);
  await drainAbandoned(shard, own);
  await drainAbandoned(shard, own);
  expect(faultCount()).toBe(40);
  mend();
  vi.spyOn(performance, "now").mockImplementation(() => now() + 120_000);
  await drainAbandoned(shard, own);
  await drainAbandoned(shard, own);
  expect(await leftCount()).toBe(0);
});

it("tries an entry at once that a bug keeps there once a repeat waits for it", async () => {
  const [stuck] = newIds(1);
  await leave(...requestsOf([stuck!]));
  await ofAge(1);
  const { own, topicsFor, mend } = failing(new Error("refused"), [stuck!]);
  await drainAbandoned(shard, own);
  const repeat = () => advance(requestsOf([stuck!]), own);
  await expect(repeat()).rejects.toMatchObject({ name: "StageError", stage: "publish" });
  mend();
  await repeat();
  expect(topicsFor(stuck!)).toContain(topics.messageJournal.name);
});

it("publishes what stands behind one that waits, but nothing of its own messages, and says what it waits for", async () => {
  const [waiting, other] = newIds(2);
  await leave(...requestsOf([waiting!]), cancelOf(waiting!), ...requestsOf([other!]));
  await ofAge(3);
  // As where one partition has no leader: what the first entry tells goes there.
  let isMended = false;
  const { own, topicsFor } = watchedFlow(flow, (records) => {
    const first = records.filter(({ key }) => key === waiting);
    if (!isMended && first.some(({ topic }) => topic.startsWith("dispatch-")))
      throw new RetriableError("no leader");
  });
  for (let drain = 0; drain < 3; drain++) {
    await expect(drainAbandoned(shard, own)).rejects.toThrow("no leader");
  }
  expect(topicsFor(other!)).toContain(topics.messageJournal.name);
  expect(topicsFor(waiting!)).not.toContain(topics.messageOutcomes.name);
  expect(await leftCount()).toBe(2);
  isMended = true;
  await drainAbandoned(shard, own);
  const told = topicsFor(waiting!).filter((topic) => topic !== topics.messageJournal.name);
  expect(told[0]).toMatch(/^dispatch-/);
  expect(told.at(-1)).toBe(topics.messageOutcomes.name);
  expect(await leftCount()).toBe(0);
});

it("lets a repeat wait for its own messages' entries, not for those of others", async () => {
  const [waiting, other] = newIds(2);
  await leave(...requestsOf([waiting!, other!]));
  await ofAge(2);
  const { own, topicsFor } = failing(new RetriableError("no leader"), [waiting!]);
  await advance(requestsOf([other!]), own);
  expect(topicsFor(other!)).toContain(topics.messageJournal.name);
  await expect(advance(requestsOf([waiting!]), own)).rejects.toThrow("no leader");
  expect(await leftCount()).toBe(1);
});

it("ends at the second in a row that Kafka does not take, and goes on with others the next time", async () => {
  const ids = newIds(5);
  await leave(...requestsOf(ids));
  await ofAge(5);
  const away = failing(new RetriableError("away"), ids);
  await expect(drainAbandoned(shard, away.own)).rejects.toThrow("away");
  expect(away.faultCount()).toBe(2);
  await expect(advance(requestsOf([ids[4]!]), away.own)).rejects.toThrow("away");
  expect(away.faultCount()).toBe(4);
  away.mend();
  await drainAbandoned(shard, away.own);
  expect(await leftCount()).toBe(0);
});

it("forgets what it knew of an outbox whose shard was opened anew", async () => {
  const [left] = newIds(1);
  await leave(...requestsOf([left!]));
  await ofAge(1);
  const { own, mend } = failing(new Error("refused"), [left!]);
  await drainAbandoned(shard, own);
  mend();
  // Redis was emptied, and its clock is behind: its ids begin below those of before.
  const { outbox, epoch } = shardKeys(shard);
  const redis = flow.redis.at("");
  const [[, fields] = []] = await redis.xrangeBuffer(outbox, "-", "+");
  await redis.del(outbox);
  await redis.xadd(outbox, "5-1", ...(fields ?? []));
  await redis.set(epoch, `999999-00000000 ${flow.redis.server("")}`);
  await drainAbandoned(shard, own);
  expect(await leftCount()).toBe(0);
});

it("fires timers while an entry of the outbox waits for Kafka", async () => {
  const [left, timed] = newIds(2);
  await leave(...requestsOf([left!]));
  await ofAge(1);
  const { own, topicsFor } = watchedFlow(flow);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const publish: Flow["producer"]["publish"] = async (records) => {
    if (records.some(({ key }) => key === left)) await answered;
    return own.producer.publish(records);
  };
  const stopping = new AbortController();
  const turning = { onTurn: () => undefined, onClosed: async () => {}, stores: async () => [] };
  const slow = { ...own, producer: { ...own.producer, publish } };
  const running = runScheduler({
    flow: slow,
    leaseMs: 5_000,
    log,
    stop: stopping.signal,
    ...turning,
  });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await flow.redis.at("").zadd(shardKeys(shard).timers, 1, timed!);
  await expect.poll(() => topicsFor(timed!)).toContain(topics.timerTicks.name);
  expect(topicsFor(left!)).toEqual([]);
  answer();
  await expect.poll(leftCount).toBe(0);
  stopping.abort();
  await running;
});
