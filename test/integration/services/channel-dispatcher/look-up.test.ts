// A lost answer on a real Redis, with Twilio's adapter and a Twilio of loopback that cuts connections: the
// message is called for once where Twilio shows that it has it.
import { Agent } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { twilioAdapter } from "#libs/providers/twilio/adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { openDispatchStores } from "#test/support/dispatch-stores.ts";
import { testDispatcher } from "#test/support/dispatcher.ts";
import {
  accountSid,
  startTwilio,
  type TwilioApi,
  twilioCredentials,
} from "#test/support/twilio-api.ts";

const WITHIN = { timeout: 30_000 };
const recipient = "+6511110000";
const opened = new AsyncDisposableStack();
let contracts: Contracts;
let redis: RedisConnection;
let providerIds: ProviderIds;
let agent: Agent;
let twilio: TwilioApi;
let channel: string;
const ofTest: AsyncDisposable[] = [];

beforeAll(async () => {
  ({ contracts, redis, providerIds } = opened.use(await openDispatchStores()));
  agent = opened.adopt(new Agent(), (each) => each.close());
});
afterAll(() => opened.disposeAsync());
beforeEach(async () => {
  channel = `sms-${crypto.randomUUID().slice(0, 8)}`;
  twilio = await startTwilio();
  ofTest.push(twilio);
});
afterEach(async () => {
  for (const each of ofTest.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

function dispatcher({ timeoutMs = 10_000, leaseMs = 20_000, isToDie = false } = {}) {
  const adapter = twilioAdapter({
    options: { accountSid, bridgeUrl: "https://hooks.example.com", address: twilio.address },
    credentials: twilioCredentials,
    provider: "twilio.main",
    receiptsPath: "/receipts/twilio/main",
    agent,
    timeoutMs,
  });
  const started = testDispatcher({ channel, redis, providerIds, contracts, adapter, leaseMs });
  if (!isToDie) ofTest.push(started);
  return started;
}

function command(given: Partial<Parameters<typeof commandFor>[0]> = {}) {
  return commandFor({ channel, recipient, ...given });
}

it.each(["WAIT", "REPEAT"] as const)(
  "is an acceptance where Twilio has the message, which is not called for again (%s)",
  async (onUnknown) => {
    twilio.next = ["taken"];
    const one = dispatcher();
    const lost = command({ onUnknown });
    await one.handle(lost);
    expect(one.reports).toMatchObject([
      {
        status: "ACCEPTED",
        providerMessageId: twilio.messages[0]!["sid"],
        provider: "twilio.main",
        errorCode: null,
        errorText: expect.stringContaining("was asked, and has the message"),
      },
    ]);
    expect(twilio.calls).toHaveLength(1);
    expect(twilio.lookUps).toEqual([{ To: recipient, From: "FALLTHRU", PageSize: "1000" }]);
    // Its receipts find the attempt.
    const { provider, providerMessageId } = one.reports[0]!;
    const receipt = { provider, providerMessageId: providerMessageId!, reportId: "r", bytes: null };
    expect((await providerIds.joinAll([receipt])).joined).toMatchObject([
      { verdict: { messageId: lost.messageId, attemptIndex: 0 } },
    ]);
  },
);

it("stays lost where Twilio does not show the message, because a list may be late", async () => {
  twilio.next = ["cut"];
  const one = dispatcher();
  await one.handle(command({ onUnknown: "WAIT" }));
  expect(one.reports).toMatchObject([
    { errorCode: "answer-lost", errorText: expect.stringContaining("does not show the message") },
  ]);
  expect(twilio.calls).toHaveLength(1);
});

it("is repeated on the last step where Twilio does not show the message, and says that it asked", async () => {
  twilio.next = ["cut", "answered"];
  const one = dispatcher();
  await one.handle(command({ onUnknown: "REPEAT" }));
  const words = ["answer-lost-repeated", "accepted"];
  await vi.waitFor(() => expect(one.words()).toEqual(words), WITHIN);
  expect(one.reports[0]!.errorText).toContain("does not show the message");
});

it("claims no message that another attempt has, and none of several", async () => {
  twilio.next = ["answered", "cut", "taken"];
  const one = dispatcher();
  await one.handle(command());
  await one.handle(command());
  await one.handle(command());
  expect(one.words()).toEqual(["accepted", "answer-lost", "answer-lost"]);
  const [, owned, several] = one.reports;
  expect(owned!.errorText).toContain("of another attempt");
  expect(several!.errorText).toContain("several messages");
});

it("stays lost in bounded time where Twilio says nothing to the question either", async () => {
  twilio.next = ["taken"];
  for (const fault of ["cut", "silence"] as const) {
    twilio.onLookUp = () => fault;
    const one = dispatcher();
    await one.handle(command());
    expect(one.reports).toMatchObject([
      { errorCode: "answer-lost", errorText: expect.stringContaining("could not say") },
    ]);
  }
});

it("of a dispatcher that died in its call is looked up by the next one", async () => {
  twilio.next = ["kept"];
  const dead = dispatcher({ leaseMs: 300, isToDie: true });
  await dead.takeIn(command({ onUnknown: "REPEAT" }));
  await vi.waitFor(() => expect(twilio.messages).toHaveLength(1), WITHIN);
  dead.kill(); // Its call stays without an answer.
  const next = dispatcher();
  await vi.waitFor(() => expect(next.words()).toEqual(["accepted"]), WITHIN);
  expect(next.reports).toMatchObject([
    { provider: "twilio.main", providerMessageId: twilio.messages[0]!["sid"] },
  ]);
  expect(twilio.calls).toHaveLength(1);
});
