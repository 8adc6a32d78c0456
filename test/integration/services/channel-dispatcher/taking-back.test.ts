// Before the next step is sent, what the one before left is taken back, on a real Redis. The providers
// are functions, so that a test says what they answer, and when.
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { LeftAttempt, MessageState } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import type { ProviderAdapter, RevocationAnswer } from "#libs/providers/provider-adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import type { Route } from "#services/channel-dispatcher/routes.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { type DispatchStores, openDispatchStores } from "#test/support/dispatch-stores.ts";
import { testDispatcher } from "#test/support/dispatcher.ts";
import { entryAfter, report, sent, threeSteps, tick } from "#test/support/journal-entry.ts";

const onRcs: LeftAttempt = {
  attemptIndex: 0,
  channel: "rcs",
  sender: "FALLTHRU",
  recipient: { msisdn: "+6511110000", country: null, channelUserIds: {} },
  provider: "google-rbm.main",
  providerMessageIds: ["rcs-1"],
};

let stores: DispatchStores;
let contracts: Contracts;
let redis: RedisConnection;
let providerIds: ProviderIds;
let channel: string;
/** Who was asked for what, in order. */
let asked: string[];
let states: Map<string, MessageState>;
const dispatchers: AsyncDisposable[] = [];

beforeAll(async () => {
  stores = await openDispatchStores();
  ({ contracts, redis, providerIds } = stores);
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => {
  channel = `sms-${randomUUID().slice(0, 8)}`;
  asked = [];
  states = new Map();
});
afterEach(async () => {
  for (const each of dispatchers.splice(0)) await each[Symbol.asyncDispose]();
});

function provider(name: string, revoke: ProviderAdapter["revoke"]): ProviderAdapter {
  return {
    provider: name,
    takesIdempotencyKeys: () => false,
    async dispatch({ commandId }) {
      asked.push(`send ${commandId}`);
      return { type: "accepted", providerMessageId: randomUUID(), segmentCount: 1 };
    },
    ...(revoke && { revoke }),
    async [Symbol.asyncDispose]() {},
  };
}

/** The one before it took `rcs-1`, and answers so when it is to take it back. */
function dispatcher(
  answer: () => Promise<RevocationAnswer>,
  leaseMs = 10_000,
  routes?: readonly Route[],
) {
  const taker = provider("google-rbm.main", async ({ commandId, ids }) => {
    asked.push(`take back ${commandId} ${ids.join(" ")}`);
    return answer();
  });
  const adapter = provider("twilio.main", undefined);
  const given = { channel, redis, providerIds, contracts, adapter, taker, states, leaseMs };
  const started = testDispatcher({ ...given, ...(routes && { routes }) });
  dispatchers.push(started);
  return started;
}

const left: FallbackInput[] = [sent(threeSteps), report(0, "ACCEPTED", 1), tick(60_000)];

function secondStep(messageId: string, revokes = [onRcs]) {
  return commandFor({ channel, recipient: "+6511110000", messageId, attemptIndex: 1, revokes });
}

function stateAfter(...inputs: FallbackInput[]): MessageState {
  return entryAfter(inputs).state;
}

it("asks first, sends then, and tells what came of it", async () => {
  states.set("m1", stateAfter(...left));
  const one = dispatcher(async () => ({ outcome: "REVOKED" }));
  await one.handle(secondStep("m1"));
  expect(asked).toEqual(["take back m1:0 rcs-1", "send m1:1"]);
  expect(one.reports).toMatchObject([
    { attemptIndex: 0, provider: "google-rbm.main", status: "UNKNOWN", revocation: "REVOKED" },
    { attemptIndex: 1, status: "ACCEPTED", revocation: null },
  ]);
});

it("tells a provider's own words where it does not take it back, and sends all the same", async () => {
  const said = { outcome: "REFUSED", code: "0x11", text: "ESME_RCANCELFAIL" } as const;
  const one = dispatcher(async () => said);
  await one.handle(secondStep("m1"));
  expect(one.reports[0]).toMatchObject({
    revocation: "REFUSED",
    errorCode: "0x11",
    errorText: "ESME_RCANCELFAIL",
  });
  expect(asked).toHaveLength(2);
});

it("waits for no provider that hangs for long, and holds no other message meanwhile", async () => {
  const hangs = Promise.withResolvers<RevocationAnswer>();
  const one = dispatcher(() => hangs.promise, 4_000);
  const other = commandFor({ channel, recipient: "+6511110001", messageId: "m2" });
  await one.takeIn(secondStep("m1"), other);
  await vi.waitFor(() => expect(asked).toContain("send m2:0"), { timeout: 30_000 });
  expect(asked).not.toContain("send m1:1");
  await vi.waitFor(() => expect(asked).toContain("send m1:1"), { timeout: 30_000 });
  const told = one.reports.find(
    ({ attemptIndex, messageId }) => messageId === "m1" && attemptIndex === 0,
  );
  expect(told).toMatchObject({ revocation: "NO_ANSWER" });
  hangs.resolve({ outcome: "REVOKED" });
});

it("asks for nothing whose answer is known, and for nothing that has a final word", async () => {
  states.set("told", stateAfter(...left, report(0, "UNKNOWN", 60_001, { revocation: "REVOKED" })));
  states.set("there", stateAfter(...left, report(0, "DELIVERED", 60_001)));
  const one = dispatcher(async () => ({ outcome: "REVOKED" }));
  await one.handle(secondStep("told"), secondStep("there"));
  expect(asked.toSorted()).toEqual(["send there:1", "send told:1"]);
});

it("sends nothing more where the message arrived just before it was to be taken back", async () => {
  states.set("m1", stateAfter(...left));
  const one = dispatcher(async () => {
    states.set("m1", stateAfter(...left, report(0, "READ", 60_001)));
    return { outcome: "TOO_LATE" };
  });
  await one.handle(secondStep("m1"));
  expect(asked).toEqual(["take back m1:0 rcs-1"]);
  expect(one.reports).toMatchObject([
    { attemptIndex: 0, revocation: "TOO_LATE" },
    { attemptIndex: 1, status: "EXPIRED", errorCode: "superseded" },
  ]);
});

it("only takes back where the command's own attempt is to be taken back, also when it comes again", async () => {
  const one = dispatcher(async () => ({ outcome: "REVOKED" }));
  const own = { ...onRcs, attemptIndex: 1 };
  const command = { ...secondStep("m1", [own]), commandId: "m1:1:revoke-3", notAfter: 0 };
  await one.handle(command);
  await one.handle(command);
  expect(asked).toEqual(["take back m1:1 rcs-1"]);
  expect(one.reports).toMatchObject([{ attemptIndex: 1, revocation: "REVOKED" }]);
});

it("sends on where the connection that took it is gone", async () => {
  const adapter = provider("twilio.main", undefined);
  const one = testDispatcher({ channel, redis, providerIds, contracts, adapter, states });
  dispatchers.push(one);
  await one.handle(secondStep("m1"));
  expect(one.reports).toMatchObject([
    { attemptIndex: 0, revocation: "NO_ANSWER", errorCode: "connection-gone" },
    { attemptIndex: 1, status: "ACCEPTED" },
  ]);
});

it("sends on whatever goes wrong as it takes back", async () => {
  const one = dispatcher(() => Promise.reject(new Error("a fault of ours")));
  await one.handle(secondStep("m1"));
  expect(one.reports).toMatchObject([
    { attemptIndex: 0, revocation: "NO_ANSWER", errorCode: "failed" },
    { attemptIndex: 1, status: "ACCEPTED" },
  ]);
});

it("takes nothing back for a step that is not sent: the person would have neither", async () => {
  const one = dispatcher(async () => ({ outcome: "REVOKED" }));
  await one.handle({ ...secondStep("m1"), notAfter: Date.now() - 1 });
  expect(asked).toEqual([]);
  expect(one.reports).toMatchObject([{ attemptIndex: 1, errorCode: "not-after" }]);
});

it("takes nothing back while the next step waits for its pace, and does when its turn comes", async () => {
  const adapter = provider("twilio.main", undefined);
  const once = { burstCount: 1, isOfAllChannels: false, isShared: false };
  const pace = { name: randomUUID(), intervalUs: 4_000_000, ...once };
  const given = { connection: "main", owner: "demo", provider: adapter.provider, adapter };
  const route: Route = { ...given, paces: [pace], hindrance: () => undefined };
  const one = dispatcher(async () => ({ outcome: "REVOKED" }), 10_000, [route]);
  const first = commandFor({ channel, recipient: "+6511110001", messageId: "m0" });
  await one.handle(first);
  await one.handle(secondStep("m1"));
  expect(asked).toEqual(["send m0:0"]);
  const all = ["send m0:0", "take back m1:0 rcs-1", "send m1:1"];
  await vi.waitFor(() => expect(asked).toEqual(all), { timeout: 30_000 });
});

it("takes nothing back while the next step is held, and does once it can be sent", async () => {
  let isPaused = true;
  const paused = { code: "connection-paused", text: "It is paused.", retryAfterMs: 100 };
  const adapter = provider("twilio.main", undefined);
  const route: Route = {
    connection: "main",
    owner: "demo",
    provider: adapter.provider,
    adapter,
    paces: [],
    hindrance: () => (isPaused ? paused : undefined),
  };
  const one = dispatcher(async () => ({ outcome: "REVOKED" }), 10_000, [route]);
  await one.handle(secondStep("m1"));
  expect(asked).toEqual([]);
  isPaused = false;
  await vi.waitFor(() => expect(asked).toEqual(["take back m1:0 rcs-1", "send m1:1"]), {
    timeout: 30_000,
  });
});
