// The dispatcher on a real Redis. Its provider is a function, so that a test says what it answers.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageState } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { RetriableError } from "#libs/errors.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import type { ProviderAdapter, ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { type DispatchStores, openDispatchStores } from "#test/support/dispatch-stores.ts";
import { testDispatcher } from "#test/support/dispatcher.ts";
import { cancel, entryAfter, sent, threeSteps } from "#test/support/journal-entry.ts";

const accepted: ProviderAnswer = { type: "accepted", providerMessageId: "p1", segmentCount: 2 };
const temporary: ProviderAnswer = { type: "temporary", code: "50", text: "later" };
const unknown: ProviderAnswer = { type: "unknown", text: "cut" };

let stores: DispatchStores;
let contracts: Contracts;
let redis: RedisConnection;
let providerIds: ProviderIds;
let channel: string;
let calls: string[];
const dispatchers: AsyncDisposable[] = [];

beforeAll(async () => {
  stores = await openDispatchStores();
  ({ contracts, redis, providerIds } = stores);
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => {
  // Its own channel gives each test its own claims, lanes and rates.
  channel = `sms-${crypto.randomUUID().slice(0, 8)}`;
  calls = [];
});
afterEach(async () => {
  for (const each of dispatchers.splice(0)) await each[Symbol.asyncDispose]();
});

type Ways = { takesIdempotencyKeys?: boolean; beforeCall?: () => Promise<void> };

/** Answers each call with the next of `answers`, the last one for ever. */
function provider(answers: (ProviderAnswer | "never")[], ways: Ways = {}): ProviderAdapter {
  return {
    provider: "test",
    takesIdempotencyKeys: () => ways.takesIdempotencyKeys ?? false,
    async dispatch({ commandId }) {
      await ways.beforeCall?.();
      calls.push(commandId);
      const answer = answers[Math.min(calls.length, answers.length) - 1]!;
      return answer === "never" ? new Promise(() => undefined) : answer;
    },
    async [Symbol.asyncDispose]() {},
  };
}

type Options = {
  states?: Map<string, MessageState>;
  perSecond?: number;
  leaseMs?: number;
  /** The test ends it: nobody waits for its calls. */
  isToDie?: boolean;
};

function dispatcher(adapter: ProviderAdapter, { isToDie = false, ...options }: Options = {}) {
  const started = testDispatcher({ channel, redis, providerIds, contracts, adapter, ...options });
  if (!isToDie) dispatchers.push(started);
  return started;
}

function command(given: Partial<Parameters<typeof commandFor>[0]> = {}) {
  return commandFor({ channel, recipient: "+6511110000", ...given });
}

const ended = entryAfter([sent(threeSteps), cancel(10)]).state;

describe("a command", () => {
  it("is called for once, however often it is delivered, and reported with the same bytes", async () => {
    const first = dispatcher(provider([accepted]));
    const again = command();
    await first.handle(again, command(), command());
    await first.handle(again);
    const second = dispatcher(provider([accepted]));
    await second.handle(again);
    expect(calls).toHaveLength(3);
    expect(first.words()).toEqual(["accepted", "accepted", "accepted", "accepted"]);
    expect(second.reports).toEqual([first.reports.find((r) => r.messageId === again.messageId)]);
    expect(second.reports[0]).toMatchObject({
      providerMessageId: "p1",
      segmentCount: 2,
      attemptIndex: 0,
    });
  });

  it("is expired without a call when its message has moved on, and stays so", async () => {
    const stale = command();
    const states = new Map([[stale.messageId, ended]]);
    const one = dispatcher(provider([accepted]), { states });
    await one.handle(stale);
    states.clear();
    await one.handle(stale);
    expect(calls).toEqual([]);
    expect(one.reports).toMatchObject([
      { status: "EXPIRED", errorCode: "superseded" },
      { status: "EXPIRED", errorCode: "superseded" },
    ]);
  });

  it("is expired without a call from notAfter on", async () => {
    const one = dispatcher(provider([accepted]));
    await one.handle(command({ notAfter: Date.now() - 1 }));
    expect(calls).toEqual([]);
    expect(one.reports).toMatchObject([{ status: "EXPIRED", errorCode: "not-after" }]);
  });

  it("waits for its sender's rate, which all dispatchers share", async () => {
    const [one, two] = [1, 2].map(() => dispatcher(provider([accepted]), { perSecond: 50 }));
    const startedAt = performance.now();
    const commands = Array.from({ length: 30 }, () => command());
    const halves = [commands.slice(0, 15), commands.slice(15)] as const;
    await Promise.all([one!.handle(...halves[0]), two!.handle(...halves[1])]);
    // 30 calls, 5 of them at once, the others 20 ms apart.
    expect(performance.now() - startedAt).toBeGreaterThan(450);
    expect(calls).toHaveLength(30);
  });
});

describe("a temporary refusal", () => {
  it("is tried again without holding its batch, until it is accepted", async () => {
    const isOver = Promise.withResolvers<void>();
    const beforeCall = async () => (calls.length > 0 ? isOver.promise : undefined);
    const one = dispatcher(provider([temporary, temporary, accepted], { beforeCall }));
    // The second call may have begun before anybody sees that the first one was put off.
    await one.takeIn(command());
    await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 30_000 });
    expect(one.words()).toEqual([]);
    isOver.resolve();
    await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
    expect(calls).toHaveLength(3);
  });

  it("is not called for again by a redelivery while it waits", async () => {
    const one = dispatcher(provider([temporary, accepted]));
    const waiting = command();
    await one.handle(waiting);
    await one.takeIn(waiting);
    await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
    expect(calls).toHaveLength(2);
  });

  it("is final once the next try would come after notAfter", async () => {
    const one = dispatcher(provider([temporary]));
    await one.handle(command({ notAfter: Date.now() + 2_500 }));
    await vi.waitFor(() => expect(one.words()).toEqual(["failed"]), { timeout: 30_000 });
    expect(one.reports).toMatchObject([
      { status: "FAILED", errorCode: "50", errorClass: "TEMPORARY" },
    ]);
    // After 0, 50, 150, 350, 750 and 1,550 ms at the earliest; the next would come after 3,150.
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.length).toBeLessThanOrEqual(6);
  });

  it("outlives the dispatcher that it was refused to", async () => {
    const one = dispatcher(provider([temporary]));
    await one.handle(command());
    await one[Symbol.asyncDispose]();
    const two = dispatcher(provider([accepted]));
    await vi.waitFor(() => expect(two.words()).toEqual(["accepted"]), { timeout: 30_000 });
  });

  it("is dropped when the message moves on while it waits", async () => {
    const states = new Map<string, MessageState>();
    const waiting = command();
    const beforeCall = async () => void states.set(waiting.messageId, ended);
    const one = dispatcher(provider([temporary, accepted], { beforeCall }), { states });
    await one.handle(waiting);
    await vi.waitFor(() => expect(one.words()).toEqual(["expired"]), { timeout: 30_000 });
    expect(calls).toHaveLength(1);
  });
});

describe("a lost answer", () => {
  it("is left alone where a next step covers it", async () => {
    const one = dispatcher(provider([unknown]));
    const lost = command({ onUnknown: "WAIT" });
    await one.handle(lost);
    await one.handle(lost);
    expect(calls).toHaveLength(1);
    expect(one.words()).toEqual(["answer-lost", "answer-lost"]);
    expect(one.reports[0]).toMatchObject({ status: "UNKNOWN", errorCode: "answer-lost" });
  });

  it("is repeated once on the last step, and the report says so", async () => {
    const one = dispatcher(provider([unknown, accepted]));
    await one.handle(command({ onUnknown: "REPEAT" }));
    const words = ["answer-lost-repeated", "accepted"];
    await vi.waitFor(() => expect(one.words()).toEqual(words), { timeout: 30_000 });
    expect(calls).toHaveLength(2);
  });

  it("is not repeated twice", async () => {
    const one = dispatcher(provider([unknown]));
    await one.handle(command({ onUnknown: "REPEAT" }));
    const words = ["answer-lost-repeated", "answer-lost"];
    await vi.waitFor(() => expect(one.words()).toEqual(words), { timeout: 30_000 });
    await sleep(300); // A third call would come 100 ms after the second.
    expect(calls).toHaveLength(2);
  });

  it("is repeated in silence where the provider takes idempotency keys", async () => {
    const one = dispatcher(provider([unknown, unknown, accepted], { takesIdempotencyKeys: true }));
    await one.handle(command({ onUnknown: "WAIT" }));
    await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
    expect(calls).toHaveLength(3);
  });
});

describe("a dispatcher that dies in a call", () => {
  it("leaves a lost answer behind, which the next one finds after the lease", async () => {
    const dead = dispatcher(provider(["never"]), { leaseMs: 3_000, isToDie: true });
    const taken = command({ onUnknown: "WAIT" });
    await dead.takeIn(taken);
    await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 30_000 });
    dead.kill(); // Its call stays without an answer for ever.
    const next = dispatcher(provider([accepted]), { leaseMs: 3_000 });
    // The redelivery does not block while the lease runs.
    await next.takeIn(taken);
    expect(next.words()).toEqual([]);
    await vi.waitFor(() => expect(next.words()).toEqual(["answer-lost"]), { timeout: 30_000 });
    expect(calls).toHaveLength(1);
  });

  it("gets its last step repeated", async () => {
    const dead = dispatcher(provider(["never"]), { leaseMs: 300, isToDie: true });
    const taken = command({ onUnknown: "REPEAT" });
    await dead.takeIn(taken);
    await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 30_000 });
    dead.kill(); // Its call stays without an answer for ever.
    const next = dispatcher(provider([accepted]), { leaseMs: 300 });
    await next.handle(taken);
    const words = ["answer-lost-repeated", "accepted"];
    await vi.waitFor(() => expect(next.words()).toEqual(words), { timeout: 30_000 });
    expect(calls).toHaveLength(2);
  });

  it("had its answer kept: the next one reports it", async () => {
    const one = dispatcher(provider([accepted]), { leaseMs: 300 });
    one.deps.publish = () => Promise.reject(new Error("killed before Kafka had the report"));
    const taken = command();
    await one.handle(taken);
    one.kill();
    const next = dispatcher(provider([accepted]), { leaseMs: 300 });
    await next.takeIn(taken);
    expect(next.words()).toEqual(["accepted"]);
    expect(calls).toHaveLength(1);
  });

  it("had its answer kept: the next one reports it when the lease is over, unasked", async () => {
    const one = dispatcher(provider([accepted]), { leaseMs: 300 });
    one.deps.publish = () => Promise.reject(new Error("killed before Kafka had the report"));
    await one.handle(command());
    one.kill();
    const next = dispatcher(provider([accepted]), { leaseMs: 300 });
    await vi.waitFor(() => expect(next.words()).toEqual(["accepted"]), { timeout: 30_000 });
    expect(calls).toHaveLength(1);
  });
});

describe("a fault of ours", () => {
  it("from before the call loses nothing: the command comes again", async () => {
    const one = dispatcher(provider([accepted]), { leaseMs: 60_000 });
    const { loadState } = one.deps;
    one.deps.loadState = () => Promise.reject(new RetriableError("Redis went away"));
    await one.handle(command());
    expect(calls).toEqual([]);
    one.deps.loadState = loadState;
    await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
    expect(calls).toHaveLength(1);
  });

  it("from after the call is a lost answer, never a second call behind the sender's back", async () => {
    const one = dispatcher(provider([accepted]));
    const { reportCodec } = one.deps;
    let failureCount = 0;
    one.deps.reportCodec = {
      encode(report) {
        if (failureCount++ === 0) throw new TypeError("cannot be encoded");
        return reportCodec.encode(report);
      },
    };
    await one.handle(command({ onUnknown: "WAIT" }));
    await vi.waitFor(() => expect(one.words()).toEqual(["answer-lost"]), { timeout: 30_000 });
    expect(calls).toHaveLength(1);
  });

  it("keeps an answer in hand while Kafka is away for a moment", async () => {
    const one = dispatcher(provider([accepted]), { leaseMs: 60_000 });
    const { publish } = one.deps;
    one.deps.publish = () => Promise.reject(new RetriableError("no broker"));
    await one.takeIn(command());
    await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 30_000 });
    one.deps.publish = publish;
    await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
    expect(calls).toHaveLength(1);
  });
});
