// A command that meets the same fault of ours each time: on a real Redis, with a provider that is a function.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { DispatchCommand, LeftAttempt } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { RetriableError } from "#libs/errors.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { type DispatchStores, openDispatchStores } from "#test/support/dispatch-stores.ts";
import { testDispatcher } from "#test/support/dispatcher.ts";

const bug = new TypeError("a bug");
const failed = { status: "FAILED", errorCode: "set-aside", errorClass: "UNKNOWN" };

let stores: DispatchStores;
let contracts: Contracts;
let redis: RedisConnection;
let providerIds: ProviderIds;
let channel: string;
let calls: string[];
let sent: string[];
const dispatchers: AsyncDisposable[] = [];

beforeAll(async () => {
  stores = await openDispatchStores();
  ({ contracts, redis, providerIds } = stores);
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => {
  channel = `sms-${crypto.randomUUID().slice(0, 8)}`;
  calls = [];
  sent = [];
});
afterEach(async () => {
  for (const each of dispatchers.splice(0)) await each[Symbol.asyncDispose]();
});

type Buggy = {
  /** Whose call fails; every other one is accepted. */
  commandId: string;
  /** Whether it fails while it is built, or once it is on its way. */
  when: "before" | "after";
};

function adapterWith({ commandId: odd, when }: Buggy): ProviderAdapter {
  return {
    provider: "test",
    takesIdempotencyKeys: () => true,
    async dispatch({ commandId }, isInTime) {
      calls.push(commandId);
      if (commandId === odd && when === "before") throw bug;
      if (!isInTime()) return { type: "late" };
      sent.push(commandId);
      if (commandId === odd) throw bug;
      return { type: "accepted", providerMessageId: commandId, segmentCount: 1 };
    },
    async [Symbol.asyncDispose]() {},
  };
}

function dispatcher(adapter: ProviderAdapter) {
  const started = testDispatcher({ channel, redis, providerIds, contracts, adapter });
  dispatchers.push(started);
  return started;
}

function command(given: Partial<DispatchCommand> = {}) {
  return commandFor({ channel, ...given, recipient: "+6511110000" });
}

/** What is buried, and what is told of it, in the end. */
async function setAside(one: ReturnType<typeof dispatcher>) {
  await vi.waitFor(() => expect(one.buried).toHaveLength(1), { timeout: 30_000 });
  return one.buried[0]!;
}

it("has failed after three tries where its call cannot be built, and the others go on", async () => {
  const odd = command();
  const other = command();
  const one = dispatcher(adapterWith({ commandId: odd.commandId, when: "before" }));
  await one.takeIn(odd, other);
  const fault = { reason: "TypeError: a bug", stage: "dispatch" };
  expect(await setAside(one)).toMatchObject({ commandId: odd.commandId, fault });
  await expect.poll(() => one.reports, { timeout: 30_000 }).toHaveLength(2);
  const ofOdd = one.reports.filter(({ messageId }) => messageId === odd.messageId);
  expect(ofOdd).toMatchObject([{ ...failed, attemptIndex: 0, provider: "test" }]);
  expect(calls.filter((id) => id === odd.commandId)).toHaveLength(3);
  expect(sent).toEqual([other.commandId]);
});

it("says the same when it is sent once more, because its message has gone on", async () => {
  const odd = command();
  const one = dispatcher(adapterWith({ commandId: odd.commandId, when: "before" }));
  await one.takeIn(odd);
  await expect.poll(() => one.words(), { timeout: 30_000 }).toEqual(["failed"]);
  const mended = dispatcher(adapterWith({ commandId: "none", when: "before" }));
  await mended.handle(odd);
  expect(mended.reports).toEqual(one.reports);
  expect(sent).toEqual([]);
});

it("is told as a lost answer where its provider may have it", async () => {
  const odd = command();
  const one = dispatcher(adapterWith({ commandId: odd.commandId, when: "after" }));
  await one.takeIn(odd);
  await setAside(one);
  await expect.poll(() => one.words(), { timeout: 30_000 }).toEqual(["answer-lost"]);
  expect(one.reports).toMatchObject([{ status: "UNKNOWN", provider: "test" }]);
});

it("has failed whatever the fault is about, also where nobody knows who would be asked", async () => {
  const odd = command();
  const one = dispatcher(adapterWith({ commandId: "none", when: "before" }));
  one.deps.routesFor = () => {
    throw bug;
  };
  await one.takeIn(odd);
  await setAside(one);
  await expect.poll(() => one.reports, { timeout: 30_000 }).toMatchObject([failed]);
});

it("waits for Kafka with its letter and its word", async () => {
  const odd = command();
  const one = dispatcher(adapterWith({ commandId: odd.commandId, when: "before" }));
  const { bury } = one.deps;
  let isAway = true;
  one.deps.bury = (taken, fault) => {
    if (!isAway) return bury(taken, fault);
    isAway = false;
    return Promise.reject(new RetriableError("no broker"));
  };
  await one.takeIn(odd);
  await setAside(one);
  await expect.poll(() => one.reports, { timeout: 30_000 }).toMatchObject([failed]);
});

it("says nothing of an attempt that it was only to take back", async () => {
  const left: LeftAttempt = {
    attemptIndex: 0,
    channel,
    sender: null,
    recipient: command().recipient,
    provider: "test",
    providerMessageIds: ["p1"],
  };
  const one = dispatcher(adapterWith({ commandId: "none", when: "before" }));
  one.deps.loadState = () => Promise.reject(bug);
  const back = command({ revokes: [left] });
  await one.takeIn(back);
  await setAside(one);
  await expect.poll(() => one.deps.inHand.running.size).toBe(0);
  expect(one.reports).toEqual([]);
});
