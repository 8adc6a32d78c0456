// Commands that may have been called before Redis was lost, on a real Redis that does not know them. Their
// provider is a function, so that a test says what it answers.
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { type Contracts, connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { dispatchKeys } from "#libs/dispatch-store/keys.ts";
import { RetriableError } from "#libs/errors.ts";
import { connectProviderIds, type ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { claimKey, testDispatcher } from "#test/support/dispatcher.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

const log = createLog("channel-dispatcher", "error");
const resources = new AsyncDisposableStack();
let contracts: Contracts;
let redis: RedisConnection;
let providerIds: ProviderIds;
let channel: string;
let calls: string[];
let running = new AsyncDisposableStack();

beforeAll(async () => {
  const server = resources.use(await startRedisServer());
  const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
  await registerSchemas({ registryUrl });
  contracts = await connectContracts({ registryUrl });
  redis = resources.use(await connectRedis({ url: server.url, log }));
  providerIds = await connectProviderIds({ redis });
});
afterAll(() => resources.disposeAsync());
beforeEach(() => {
  // Its own channel gives each test its own claims, lanes and rates.
  channel = `sms-${randomUUID().slice(0, 8)}`;
  calls = [];
});
afterEach(async () => {
  await running.disposeAsync();
  running = new AsyncDisposableStack();
});

async function nothing() {}

/** Whose provider takes every call. */
function dispatcher({
  takesIdempotencyKeys = false,
  beganAt = 0,
  openedBy = 0,
  epoch = "",
  meanwhile = nothing,
} = {}) {
  const adapter = {
    provider: "test",
    takesIdempotencyKeys: () => takesIdempotencyKeys,
    async dispatch({ commandId }: { commandId: string }) {
      calls.push(commandId);
      await meanwhile();
      return { type: "accepted", providerMessageId: randomUUID(), segmentCount: 1 } as const;
    },
    async [Symbol.asyncDispose]() {},
  };
  const given = { channel, redis, providerIds, contracts, adapter, beganAt, openedBy, epoch };
  return running.use(testDispatcher(given));
}

function command(more: Partial<Parameters<typeof commandFor>[0]>) {
  return commandFor({ channel, recipient: "+6599990000", ...more });
}

/** As a dispatcher that died: it took the command, and Redis has no word of a call. */
async function leaveUncalled(held: DispatchCommand) {
  const dead = dispatcher();
  dead.kill();
  await dead.takeIn(held);
  await dead.deps.lanes.take({ placeCount: 1, held: { accounts: {}, lanes: {} }, done: [] });
}

const marked = { mayBeCalled: true };

it("is left to the next step where that covers it, and is told as lost", async () => {
  const one = dispatcher();
  await one.handle(command({ ...marked, onUnknown: "WAIT" }));
  expect(calls).toEqual([]);
  expect(one.words()).toEqual(["answer-lost"]);
  expect(one.reports[0]).toMatchObject({
    status: "UNKNOWN",
    errorText: expect.stringContaining("Redis has lost what was known of the call"),
  });
});

it("is called once on a last step, and the report says that it is a repeat", async () => {
  const one = dispatcher();
  await one.handle(command({ ...marked, onUnknown: "REPEAT" }));
  const words = ["answer-lost-repeated", "accepted"];
  await vi.waitFor(() => expect(one.words()).toEqual(words), { timeout: 30_000 });
  expect(calls).toHaveLength(1);
});

it("is called under its own id where the provider knows that", async () => {
  const one = dispatcher({ takesIdempotencyKeys: true });
  await one.handle(command({ ...marked, onUnknown: "WAIT" }));
  await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
  expect(calls).toHaveLength(1);
});

it("is not called where its answer is still known: that is told again", async () => {
  const one = dispatcher();
  const known = command({ onUnknown: "REPEAT" });
  await one.handle(known);
  await one.handle({ ...known, ...marked });
  expect(calls).toHaveLength(1);
  expect(one.words()).toEqual(["accepted", "accepted"]);
});

it("is one that is older than what Redis knows, though nobody has marked it", async () => {
  const one = dispatcher({ beganAt: Date.now() + 60_000 });
  await one.handle(command({ onUnknown: "WAIT" }));
  expect(calls).toEqual([]);
  expect(one.words()).toEqual(["answer-lost"]);
});

it("is one of an epoch before the first that Redis knows", async () => {
  const one = dispatcher({ beganAt: Date.UTC(2026, 10, 30), epoch: "490908-19b796df6aa4" });
  await one.handle(command({ epoch: "490908-19b796dd6148", onUnknown: "WAIT" }));
  expect(calls).toEqual([]);
  expect(one.words()).toEqual(["answer-lost"]);
});

describe("one that a dispatcher had in hand when it died", () => {
  it("was not called where Redis has lost nothing", async () => {
    await leaveUncalled(command({ onUnknown: "WAIT" }));
    const one = dispatcher();
    await vi.waitFor(() => expect(one.words()).toEqual(["accepted"]), { timeout: 30_000 });
  });

  it("may have been called where the shard was opened anew since: the word may be lost", async () => {
    await leaveUncalled(command({ onUnknown: "WAIT" }));
    const one = dispatcher({ openedBy: Date.now() + 60_000 });
    await vi.waitFor(() => expect(one.words()).toEqual(["answer-lost"]), { timeout: 30_000 });
    expect(calls).toEqual([]);
  });

  it.each(["loadState", "publish"] as const)("is so still after a fault of %s", async (name) => {
    await leaveUncalled(command({ onUnknown: "REPEAT" }));
    const one = dispatcher({ openedBy: Date.now() + 60_000 });
    const failing = vi.spyOn(one.deps, name).mockRejectedValueOnce(new RetriableError("away"));
    const words = ["answer-lost-repeated", "accepted"];
    await vi.waitFor(() => expect(one.words()).toEqual(words), { timeout: 30_000 });
    expect(failing.mock.settledResults[0]?.type).toBe("rejected");
    expect(calls).toHaveLength(1);
  });
});

it("may have been called by this process, where Redis has lost the answer, but not the claim", async () => {
  const held = command({ onUnknown: "WAIT" });
  const keys = [claimKey(channel, held.commandId), dispatchKeys(channel)[1]!];
  let before: (Buffer | null)[] = [];
  const keep = async () => {
    before = await Promise.all(keys.map((key) => redis.at("").dumpBuffer(key)));
  };
  const one = dispatcher({ openedBy: Date.now() + 60_000, meanwhile: keep });
  await one.handle(held);
  // By then the process has forgotten it.
  await vi.waitUntil(() => one.deps.inHand.done.size === 0, { timeout: 30_000 });
  for (const [index, key] of keys.entries()) {
    await redis.at("").restore(key, 0, before[index]!, "REPLACE");
  }
  await vi.waitFor(() => expect(one.words()).toEqual(["accepted", "answer-lost"]), {
    timeout: 30_000,
  });
  expect(calls).toHaveLength(1);
});

it("waits where another dispatcher may have called it, until that one's report is known", async () => {
  const openedBy = Date.now();
  const one = dispatcher({ openedBy });
  const [first, second] = [command({ issuedAt: openedBy - 1 }), command({ issuedAt: openedBy })];
  await one.takeIn(first, second);
  await vi.waitFor(() => expect(calls).toHaveLength(2), { timeout: 30_000 });
  expect(calls).toEqual([second.commandId, first.commandId]);
  expect(Date.now()).toBeGreaterThanOrEqual(openedBy + 5_000);
});

it("goes by epochs, not by clocks that may be apart", async () => {
  const [before, now] = ["490908-19b796dd6148", "490908-19b796df6aa4"];
  const openedBy = Date.now();
  const one = dispatcher({ epoch: now, openedBy });
  const old = command({ epoch: before, issuedAt: openedBy + 4_000 });
  const fresh = command({ epoch: now, issuedAt: openedBy - 4_000 });
  await one.takeIn(old, fresh);
  await vi.waitFor(() => expect(calls).toHaveLength(2), { timeout: 30_000 });
  expect(calls).toEqual([fresh.commandId, old.commandId]);
  expect(Date.now()).toBeGreaterThanOrEqual(openedBy + 5_000);
});

it("does not wait for an opening that a wrong clock has put far ahead", async () => {
  const one = dispatcher({ openedBy: Date.now() + 3_600_000 });
  await one.handle(command({}));
  expect(calls).toHaveLength(1);
});

it("is one that this process has called, whatever Redis knows of that", async () => {
  const one = dispatcher();
  const called = command({ onUnknown: "WAIT" });
  one.deps.inHand.unanswered.set(called.commandId, "test");
  await one.handle(called);
  expect(calls).toEqual([]);
  expect(one.words()).toEqual(["answer-lost"]);
});
