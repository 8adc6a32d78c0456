// Redis' clock is off, or this process' is: a node after a failover, a machine without NTP, a clock
// that is put right. Invariants: no wait ends early, nothing is refused for its age, and nothing that
// was kept is out of sight afterwards.
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { LOST, openedAt } from "#libs/flow-store/epoch.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { drainAbandoned } from "#libs/message-flow/drain-outbox.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { encodeOutbox } from "#libs/message-flow/outbox.ts";
import { ClockSkewError } from "#libs/redis/clocks.ts";
import { type Restoring, restoreShards } from "#libs/restore/restore-shards.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { loadState } from "#services/channel-dispatcher/load-state.ts";
import { runScheduler } from "#services/delay-scheduler/scheduler.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { AT_ANY_TIME } from "#test/support/open-shards.ts";
import { hasCompiler, type ShiftedClock, shiftedClock } from "#test/support/shifted-clock.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { startFlow } from "#test/support/test-flow.ts";

const HOUR_MS = 3_600_000;
const WAIT_MS = 60_000;
const log = createLog("wrong-clocks", "fatal");
const rightNow = Date.now;

function each(shifts: readonly number[]) {
  return (["Redis", "the process"] as const).flatMap((whose) =>
    shifts.map((ms) => ({ whose, seconds: ms / 1_000, ms })),
  );
}

describe.skipIf(!hasCompiler)("a clock that is wrong", () => {
  const resources = new AsyncDisposableStack();
  let redisClock: ShiftedClock;
  let flow: ConnectedFlow;

  beforeAll(async () => {
    redisClock = resources.use(shiftedClock());
    flow = await startFlow(resources, log, redisClock.env);
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await redisClock.shift(0);
  });

  afterAll(() => resources.disposeAsync());

  /** Redis' clock, or this process', is put so far ahead. */
  const clocks = {
    Redis: (ms: number) => redisClock.shift(ms),
    "the process": async (ms: number) => {
      vi.spyOn(Date, "now").mockImplementation(() => rightNow() + ms);
    },
  };
  const far = [-50_000, 50_000, -25 * HOUR_MS, 25 * HOUR_MS];
  const near = [-4_000, 4_000];
  function requestOf(messageId: string, more: Partial<SendRequest> = {}): MessageInput {
    const blank = { sender: null, ttlSeconds: null, ...nothingOwn } as const;
    const step = {
      ...blank,
      waitSeconds: WAIT_MS / 1_000,
      onFailure: "NEXT",
      wanted: "DELIVERED",
    } as const;
    const steps = [
      { ...step, channel: "whatsapp" },
      { ...step, channel: "sms" },
    ];
    const accountId = "demo";
    const request = storedRequest({
      messageId,
      accountId,
      steps,
      requestedAt: rightNow(),
      ...more,
    });
    const bytes = flow.contracts.sendRequest.encode(request);
    return {
      type: "SendRequest",
      messageId,
      accountId,
      request,
      faults: [],
      bytes,
      traceparent: "",
    };
  }

  /** The flow, with what it publishes. */
  function watched() {
    const published: OutgoingRecord[] = [];
    const producer = {
      async publish(records: readonly OutgoingRecord[]) {
        published.push(...records);
      },
      [Symbol.asyncDispose]: async () => {},
    };
    const own: Flow = { ...flow, producer };
    return { own, keys: () => published.map(({ key }) => key) };
  }

  async function stored(messageId: string) {
    const { messages } = await flow.store.read(flow.store.shardOf(messageId), [messageId]);
    const [found] = messages;
    return found?.state ? decodeOwn("journal-entry", found.state) : null;
  }

  async function dueAt(messageId: string): Promise<number> {
    const { timers } = shardKeys(flow.store.shardOf(messageId));
    return Number(await flow.redis.at("").zscore(timers, messageId));
  }

  /** Of a timer whose message nobody knows. */
  async function takeAway(messageId: string): Promise<void> {
    const { epoch } = await flow.store.read(flow.store.shardOf(messageId), []);
    await flow.store.rearm(epoch, [{ messageId, version: 0, dueAt: null }]);
  }

  it.each(each(far))(
    "of $whose by $seconds s decides nothing, and nothing is refused once it is right",
    async ({ whose, ms }) => {
      const messageId = randomUUID();
      const request = requestOf(messageId);
      const { own, keys } = watched();
      await clocks[whose](ms);
      await expect(advance([request], own)).rejects.toThrow(ClockSkewError);
      expect(await stored(messageId)).toBeNull();
      expect(keys()).toEqual([]);
      await clocks[whose](0);
      await advance([request], own);
      expect(await stored(messageId)).toMatchObject({ state: { phase: "RUNNING" } });
    },
  );

  it.each(each(far))(
    "of $whose by $seconds s opens no shard: it would stay in the names of all later epochs",
    async ({ whose, ms }) => {
      const shard = flow.store.shardOf(randomUUID());
      const { epoch } = await flow.store.read(shard, []);
      await flow.store.close(epoch, LOST);
      const closed = (await flow.store.inspect())[shard]!;
      const open = () => flow.store.open(closed, { counter: closed.counter, lastEpoch: "" });
      await clocks[whose](ms);
      await expect(open()).rejects.toThrow(ClockSkewError);
      // Nor does anybody read the journal for it, and all else that a restore does, again and again.
      const openReader = vi.fn<Restoring["openReader"]>();
      const restoring = { ...flow, openReader } as unknown as Restoring;
      await expect(restoreShards(restoring)).rejects.toThrow(ClockSkewError);
      expect(openReader).not.toHaveBeenCalled();
      expect((await flow.store.inspect())[shard]?.isOpen).toBe(false);
      await clocks[whose](0);
      const { token } = await open();
      expect(Math.abs(openedAt({ token }) - rightNow())).toBeLessThan(60_000);
    },
  );

  it.each(each(near))(
    "of $whose by $seconds s shortens no wait when it is put right",
    async ({ whose, ms }) => {
      const messageId = randomUUID();
      const armedAt = rightNow();
      await clocks[whose](ms);
      await advance([requestOf(messageId)], watched().own);
      await clocks[whose](0);
      expect(await dueAt(messageId)).toBeGreaterThanOrEqual(armedAt + WAIT_MS);
    },
  );

  it.each(each(near))(
    "of $whose by $seconds s starts no message before its instant, and ends none before its end",
    async ({ whose, ms }) => {
      const [scheduled, ending] = [randomUUID(), randomUUID()];
      await clocks[whose](ms);
      const soon = rightNow() + 3_500;
      const { own } = watched();
      await advance([requestOf(scheduled, { scheduledAt: soon })], own);
      await advance([requestOf(ending, { expiresAt: soon })], own);
      expect(await stored(scheduled)).toMatchObject({ state: { phase: "SCHEDULED" } });
      expect(await dueAt(scheduled)).toBe(soon);
      expect(await stored(ending)).toMatchObject({ state: { phase: "RUNNING" } });
      expect(await dueAt(ending)).toBe(soon);
    },
  );

  it.each(each(near))(
    "of $whose by $seconds s refuses no command for its age before its time is over",
    async ({ whose, ms }) => {
      await clocks[whose](ms);
      expect((await loadState(randomUUID(), flow)).nowMs).toBeLessThanOrEqual(rightNow());
    },
  );

  it.each(each([4_000]))(
    "of $whose that leaps ahead by $seconds s fires nothing early",
    async ({ whose, ms }) => {
      const messageId = randomUUID();
      const shard = flow.store.shardOf(messageId);
      await flow.redis.at("").zadd(shardKeys(shard).timers, rightNow() + 3_900, messageId);
      await clocks[whose](ms);
      const claim = { callerNowMs: Date.now(), leaseMs: 5_000, lentMax: 10 };
      const { due } = await flow.store.claimDue(shard, claim);
      expect(due.map((timer) => timer.messageId)).not.toContain(messageId);
      await takeAway(messageId);
    },
  );

  it.each(each(far))(
    "of $whose by $seconds s stops the scheduler, which says why and goes on by itself",
    async ({ whose, ms }) => {
      const messageId = randomUUID();
      const { own, keys } = watched();
      const stopping = new AbortController();
      const turns: (readonly string[])[] = [];
      await clocks[whose](ms);
      const { timers } = shardKeys(flow.store.shardOf(messageId));
      await flow.redis.at("").zadd(timers, 1, messageId);
      const running = runScheduler({
        flow: own,
        leaseMs: 5_000,
        log,
        stop: stopping.signal,
        onTurn: (reasons) => void turns.push(reasons),
        stores: async () => [],
        onClosed: async () => {},
      });
      await expect.poll(() => turns.length, { timeout: 30_000 }).toBeGreaterThan(1);
      expect(turns.filter((why) => !why.join().includes("Redis' clock says"))).toEqual([]);
      expect(keys()).not.toContain(messageId);
      const reasons = () => flow.redis.clocks.whyNotReady().join();
      await expect
        .poll(reasons, { timeout: 30_000 })
        .toMatch(/Redis' clock says .* this process' says/);
      await clocks[whose](0);
      await expect.poll(keys, { timeout: 30_000 }).toContain(messageId);
      await expect.poll(reasons, { timeout: 30_000 }).toBe("");
      stopping.abort();
      await running;
      await takeAway(messageId);
    },
  );

  /** So far from now a webhook begins that is made now, ms. */
  function begin(): number {
    return flow.redis.clocks.earlierNow() - rightNow();
  }

  it("makes no webhook begin later than what it is told of", async () => {
    await clocks["the process"](50_000);
    await expect.poll(begin, { timeout: 30_000 }).toBeLessThan(1_000);
    await clocks["the process"](0);
    await clocks.Redis(-50_000);
    await expect.poll(begin, { timeout: 30_000 }).toBeLessThan(-45_000);
  });

  it("hides no outbox entry that was written by it", async () => {
    const ids = [randomUUID(), randomUUID()];
    const { own, keys } = watched();
    for (const [index, ms] of [25 * HOUR_MS, -25 * HOUR_MS].entries()) {
      const messageId = ids[index]!;
      // It was decided before the leap.
      const { epoch } = await flow.store.read(flow.store.shardOf(messageId), [messageId]);
      await redisClock.shift(ms);
      await flow.store.commit(epoch, [
        {
          messageId,
          expectedVersion: 0,
          state: Buffer.from("state"),
          dueAt: null,
          keepMs: 8 * 24 * HOUR_MS,
          ...AT_ANY_TIME,
          outbox: encodeOutbox([
            { topic: "dispatch-sms", key: messageId, value: Buffer.from("x") },
          ]),
        },
      ]);
    }
    await redisClock.shift(0);
    for (const messageId of ids) await drainAbandoned(flow.store.shardOf(messageId), own);
    for (const messageId of ids) {
      expect(keys()).toContain(messageId);
      const place = shardKeys(flow.store.shardOf(messageId));
      expect(await flow.redis.at("").xlen(place.outbox)).toBe(0);
    }
  });

  it("that leaps 25 h ahead forgets no ended message, and lists it as before", async () => {
    const messageId = randomUUID();
    const request = requestOf(messageId);
    await advance([request], watched().own);
    const cancel = { messageId, accountId: "demo", reason: null, requestedAt: rightNow() };
    await advance([{ type: "Cancel", messageId, accountId: "demo", cancel }], watched().own);
    await redisClock.shift(25 * HOUR_MS);
    expect(await stored(messageId)).toMatchObject({ state: { outcome: "CANCELED" } });
    await redisClock.shift(0);
    const range = { fromMs: 0, toMs: rightNow() + HOUR_MS, after: null, countMax: 100 };
    const listed = await flow.store.list("demo", range);
    expect(listed.map((one) => one.messageId)).toContain(messageId);
  });
});
