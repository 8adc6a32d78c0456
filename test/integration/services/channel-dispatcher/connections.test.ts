// An account's several connections on a real Redis: whom a command is given to, and who is left alone.
// Their providers are functions, so that a test says what they answer.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import type { ProviderAdapter, ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { connectionCircuits } from "#services/channel-dispatcher/circuits.ts";
import type { Route } from "#services/channel-dispatcher/routes.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { type DispatchStores, openDispatchStores } from "#test/support/dispatch-stores.ts";
import { claimKey, testDispatcher } from "#test/support/dispatcher.ts";

const log = createLog("channel-dispatcher", "error");
const accepted: ProviderAnswer = { type: "accepted", providerMessageId: "p1", segmentCount: 2 };
const pace = { name: "main", isOfAllChannels: false, isShared: false };
const temporary: ProviderAnswer = { type: "temporary", code: "50", text: "later" };
const unknown: ProviderAnswer = { type: "unknown", text: "cut" };
const ours: ProviderAnswer = { type: "refused", code: "190", errorClass: "SENDER", text: "key" };
const last: ProviderAnswer = { ...ours, code: "9", errorClass: "PERMANENT" };

let stores: DispatchStores;
let contracts: Contracts;
let redis: RedisConnection;
let providerIds: ProviderIds;
let channel: string;
/** The names of those that were called. */
let calls: string[];
const dispatchers: AsyncDisposable[] = [];

beforeAll(async () => {
  stores = await openDispatchStores();
  ({ contracts, redis, providerIds } = stores);
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => {
  // Its own channel gives each test its own claims, lanes and circuits.
  channel = `sms-${crypto.randomUUID().slice(0, 8)}`;
  calls = [];
});
afterEach(async () => {
  for (const each of dispatchers.splice(0)) await each[Symbol.asyncDispose]();
});

function command(given: Partial<Parameters<typeof commandFor>[0]> = {}) {
  return commandFor({ channel, recipient: "+6511110000", ...given });
}

/** Each answers as its list says, and `calls` has its name. */
function routes(named: Record<string, (ProviderAnswer | "never")[]>): Route[] {
  return Object.entries(named).map(([connection, answers]) => {
    let callCount = 0;
    const adapter: ProviderAdapter = {
      takesIdempotencyKeys: () => false,
      async [Symbol.asyncDispose]() {},
      provider: `twilio.${connection}`,
      async dispatch() {
        calls.push(connection);
        const answer = answers[Math.min(++callCount, answers.length) - 1]!;
        return answer === "never" ? new Promise(() => undefined) : answer;
      },
    };
    return {
      connection,
      owner: "demo",
      provider: adapter.provider,
      adapter,
      paces: [],
      hindrance: () => undefined,
    };
  });
}

/** `isToDie`: the test ends it, and nobody waits for its calls. */
function between(all: Route[], { leaseMs = 1_000, isToDie = false } = {}) {
  const { adapter } = all[0]!;
  const given = { channel, redis, providerIds, contracts, adapter, routes: all, leaseMs };
  const started = testDispatcher(given);
  if (!isToDie) dispatchers.push(started);
  return started;
}

it.each([
  ["temporarily", temporary],
  ["for our account's sake", ours],
])("goes on with the other where one refuses %s, and tells who did", async (_, refusal) => {
  const one = between(routes({ main: [refusal], backup: [accepted] }));
  await one.handle(command());
  await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
  expect(calls).toEqual(["main", "backup"]);
  const { code: errorCode } = Object(refusal);
  expect(one.reports[0]).toMatchObject({
    provider: "twilio.backup",
    route: { connection: "backup", refusals: [{ connection: "main", errorCode }] },
  });
});

it("does not where one refuses the person, or its answer is lost", async () => {
  const refused = between(routes({ main: [last], backup: [accepted] }));
  await refused.handle(command());
  const lost = between(routes({ main: [unknown], backup: [accepted] }));
  await lost.handle(command());
  expect(calls).toEqual(["main", "main"]);
  expect([...refused.words(), ...lost.words()]).toEqual(["rejected", "answer-lost"]);
});

it("repeats a lost answer by the same one only, though the other comes first by now", async () => {
  const all = routes({ main: [unknown, accepted], backup: [accepted] });
  const one = between(all);
  let isChanged = false;
  one.deps.routesFor = () => (isChanged ? all.toReversed() : all);
  const { publish } = one.deps;
  one.deps.publish = (report) => {
    isChanged = true;
    return publish(report);
  };
  await one.handle(command({ onUnknown: "REPEAT" }));
  const words = ["answer-lost-repeated", "accepted"];
  await vi.waitFor(() => expect(one.words()).toEqual(words), { timeout: 30_000 });
  expect(calls).toEqual(["main", "main"]);
  expect(one.reports.map(({ provider: name }) => name)).toEqual(["twilio.main", "twilio.main"]);
});

it.each(["WAIT", "REPEAT"] as const)(
  "reports an answer that was lost with its dispatcher as the one's that was called (%s)",
  async (onUnknown) => {
    const dead = between(routes({ main: ["never"] }), { leaseMs: 300, isToDie: true });
    const taken = command({ onUnknown });
    await dead.takeIn(taken);
    await vi.waitFor(() => expect(calls).toHaveLength(1), { timeout: 30_000 });
    dead.kill(); // Its call stays without an answer for ever.
    // The account has another connection by now, which would take repeats without harm.
    const [backup] = routes({ backup: [accepted] });
    const keyed = {
      ...backup!,
      adapter: { ...backup!.adapter, takesIdempotencyKeys: () => true },
    };
    const next = between([keyed], { leaseMs: 300 });
    await vi.waitFor(() => expect(next.words()).toEqual(["answer-lost"]), { timeout: 30_000 });
    expect(next.reports).toMatchObject([{ provider: "twilio.main" }]);
    expect(calls).toEqual(["main"]);
  },
);

it("asks all anew after a pause where all refuse temporarily", async () => {
  const one = between(routes({ main: [temporary, accepted], backup: [temporary] }));
  await one.handle(command());
  await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
  expect(calls).toEqual(["main", "backup", "main"]);
});

it("is held uncalled while none can be called, and goes on when one can", async () => {
  const [main, backup] = routes({ main: [accepted], backup: [accepted] });
  let isPaused = true;
  const why = { code: "connection-paused", text: "paused", retryAfterMs: 5_000 };
  const hindrance = () => (isPaused ? why : undefined);
  const paused = [main!, backup!].map((each) => ({ ...each, hindrance }));
  const one = between(paused);
  await one.handle(command());
  await one.handle(command({ notAfter: Date.now() + 1_000 }));
  await vi.waitFor(() => expect(one.words()).toEqual(["expired"]), { timeout: 30_000 });
  expect(one.reports[0]!.route?.refusals).toMatchObject([
    { connection: "main", errorCode: "connection-paused" },
    { connection: "backup", errorCode: "connection-paused" },
  ]);
  expect(calls).toEqual([]);
  isPaused = false;
  await vi.waitFor(() => expect(one.words()).toEqual(["expired", "accepted"]), {
    timeout: 30_000,
  });
});

it("rests after faults in a row, in all dispatchers, until one call finds that it is back", async () => {
  const answers = [unknown, unknown, unknown, unknown, unknown, temporary, accepted];
  const all = routes({ main: answers, backup: [accepted] });
  const resting = () => {
    const each = between(all);
    const { lanes } = each.deps;
    each.deps.circuits = connectionCircuits({ channel, lanes, timeScale: 0.4, log });
    return each;
  };
  const one = resting();
  for (let count = 0; count < 5; count++) await one.handle(command());
  expect(one.words()).toEqual(Array(5).fill("answer-lost"));
  expect(one.deps.circuits.degraded().join()).toContain("Connection main of demo is down on sms-");
  calls = [];
  // It knows of it from the others alone.
  one.kill();
  const two = resting();
  await two.handle(command());
  expect(calls).toEqual(["backup"]);
  expect(two.reports[0]).toMatchObject({ provider: "twilio.backup" });
  // A word of its own, even one that refuses, says that it is back.
  await vi.waitFor(
    async () => {
      await two.handle(command());
      expect(calls.at(-1)).toBe("main");
    },
    { timeout: 30_000 },
  );
  expect(two.deps.circuits.degraded()).toEqual([]);
});

it("holds all it has while its credentials are refused, with few calls, and sends when they are good", async () => {
  const wrong = { ...ours, isLoginRefused: true };
  let isMended = false;
  const [main] = routes({ main: [accepted] });
  const { adapter } = main!;
  const login: ProviderAdapter["dispatch"] = async (taken, isInTime) => {
    const answer = await adapter.dispatch(taken, isInTime);
    return isMended ? answer : wrong;
  };
  const one = between([{ ...main!, adapter: { ...adapter, dispatch: login } }]);
  const { lanes } = one.deps;
  one.deps.circuits = connectionCircuits({ channel, lanes, timeScale: 0.2, log });
  await one.handle(command());
  await one.takeIn(...Array.from({ length: 40 }, () => command()));
  await sleep(1_000);
  expect(one.words()).toEqual([]);
  // One call each after 1, 2, 4 ... s at the earliest; none of them for each that is held.
  expect(calls.length).toBeLessThanOrEqual(6);
  expect(one.deps.circuits.degraded()).toHaveLength(1);
  isMended = true;
  await vi.waitFor(() => expect(one.words()).toHaveLength(41), { timeout: 30_000 });
  expect(new Set(one.words())).toEqual(new Set(["accepted"]));
  expect(one.deps.circuits.degraded()).toEqual([]);
});

it("goes at its connection's pace, each command once put off for its slot, over all dispatchers", async () => {
  const paces = [{ ...pace, intervalUs: 200_000, burstCount: 2 }];
  const all = routes({ main: [accepted] }).map((each) => ({ ...each, paces }));
  const one = between(all);
  const two = between(all);
  const startedAt = performance.now();
  const putOff = vi.spyOn(one.deps.lanes, "putOff");
  await one.takeIn(...Array.from({ length: 8 }, () => command()));
  const words = () => [...one.words(), ...two.words()];
  await vi.waitFor(() => expect(words()).toHaveLength(8), { timeout: 30_000 });
  // Two at once, the others 200 ms apart.
  expect(performance.now() - startedAt).toBeGreaterThan(1_100);
  expect(calls).toHaveLength(8);
  for (const [commandId] of putOff.mock.calls) {
    const ofOne = putOff.mock.calls.filter(([id]) => id === commandId);
    expect(ofOne.length).toBeLessThanOrEqual(2);
  }
});

it("takes no slot that a command cannot wait for", async () => {
  const paces = [{ ...pace, intervalUs: 3_000_000, burstCount: 1 }];
  const [main] = routes({ main: [accepted] });
  const one = between([{ ...main!, paces }]);
  await one.handle(command());
  const inVain = Array.from({ length: 5 }, () => command({ notAfter: Date.now() + 500 }));
  await one.handle(...inVain);
  await one.takeIn(command());
  await vi.waitFor(() => expect(one.words()).toHaveLength(7), { timeout: 30_000 });
  expect(one.words().toSorted()).toEqual([
    "accepted",
    "accepted",
    "expired",
    "expired",
    "expired",
    "expired",
    "expired",
  ]);
  expect(calls).toHaveLength(2);
});

it("calls nobody once another dispatcher has the command", async () => {
  const one = between(routes({ main: [accepted] }), { leaseMs: 500 });
  const { loadState } = one.deps;
  const isTaken = Promise.withResolvers<void>();
  one.deps.loadState = async (messageId) => {
    await isTaken.promise;
    return loadState(messageId);
  };
  const slow = command();
  await one.takeIn(slow);
  const claim = claimKey(channel, slow.commandId);
  await vi.waitFor(async () => expect(await redis.at("").hget(claim, "state")).toBe("claimed"));
  await redis.at("").hset(claim, "owner", "another");
  isTaken.resolve();
  await vi.waitFor(() => expect(one.deps.inHand.running.size).toBe(0), { timeout: 30_000 });
  expect(calls).toEqual([]);
});
