// What becomes of the ids that a provider gives, on a real Redis.
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageState } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import type { ProviderAdapter, ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { type DispatchStores, openDispatchStores } from "#test/support/dispatch-stores.ts";
import { testDispatcher } from "#test/support/dispatcher.ts";
import { cancel, entryAfter, sent, threeSteps } from "#test/support/journal-entry.ts";

const accepted = { type: "accepted", providerMessageId: "p1", segmentCount: 2 } as const;
const open = entryAfter([sent(threeSteps)]).state;
const ended = entryAfter([sent(threeSteps), cancel(10)]).state;

let stores: DispatchStores;
let contracts: Contracts;
let redis: RedisConnection;
let providerIds: ProviderIds;
let channel: string;
const dispatchers: AsyncDisposable[] = [];

beforeAll(async () => {
  stores = await openDispatchStores();
  ({ contracts, redis, providerIds } = stores);
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => {
  channel = `sms-${randomUUID().slice(0, 8)}`;
});
afterEach(async () => {
  for (const each of dispatchers.splice(0)) await each[Symbol.asyncDispose]();
});

function provider(answer: ProviderAnswer): ProviderAdapter {
  return {
    provider: "test",
    takesIdempotencyKeys: () => false,
    dispatch: async () => answer,
    async [Symbol.asyncDispose]() {},
  };
}

function dispatcher(
  adapter: ProviderAdapter,
  options: { states?: Map<string, MessageState> } = {},
) {
  const started = testDispatcher({ channel, redis, providerIds, contracts, adapter, ...options });
  dispatchers.push(started);
  return started;
}

const command = () => commandFor({ channel, recipient: "+6511110000" });

function idOf(report: { provider: string; providerMessageId: string | null }) {
  return { provider: report.provider, providerMessageId: report.providerMessageId ?? "" };
}

async function attemptOf(providerMessageId: string) {
  const early = { provider: "test", providerMessageId, reportId: "r", bytes: null };
  return (await providerIds.joinAll([early])).joined[0]?.verdict;
}

describe("the provider's id of an accepted attempt", () => {
  it("is linked when the report is out, with every part", async () => {
    const parts = [randomUUID(), randomUUID()];
    const answer = { ...accepted, providerMessageId: parts[0]!, partIds: parts } as const;
    const one = dispatcher(provider(answer));
    const { messageId, ...taken } = command();
    await one.handle({ messageId, ...taken });
    expect(one.reports).toMatchObject([{ providerMessageId: parts[0], providerMessageIds: parts }]);
    for (const part of parts) {
      expect(await attemptOf(part)).toEqual({
        messageId,
        attemptIndex: 0,
        providerMessageIds: parts,
      });
    }
  });

  it("is linked where the provider has it from us, and the answer was lost", async () => {
    const lost = provider({ type: "unknown", text: "cut" });
    const one = dispatcher({ ...lost, ownId: ({ commandId }) => `ours:${commandId}` });
    const { messageId, commandId, ...taken } = command();
    const id = `ours:${commandId}`;
    await one.handle({ messageId, commandId, ...taken });
    expect(one.reports).toMatchObject([
      { status: "UNKNOWN", errorCode: "answer-lost", providerMessageId: id },
    ]);
    expect(await attemptOf(id)).toMatchObject({ messageId, attemptIndex: 0 });
  });

  it("is linked before a call is repeated under it, with and without a word to the story", async () => {
    for (const takesKeys of [true, false]) {
      const answers: ProviderAnswer[] = [{ type: "unknown", text: "cut" }];
      const known: unknown[] = [];
      const one = dispatcher({
        ...provider(accepted),
        takesIdempotencyKeys: () => takesKeys,
        ownId: ({ commandId }) => `ours:${commandId}`,
        dispatch: async ({ commandId }) => {
          const lost = answers.shift();
          if (lost) return lost;
          known.push(await attemptOf(`ours:${commandId}`));
          return { ...accepted, providerMessageId: `ours:${commandId}` };
        },
      });
      const { messageId, commandId, ...taken } = command();
      await one.handle({ messageId, commandId, ...taken, onUnknown: "REPEAT" });
      await vi.waitFor(() => expect(one.words().at(-1)).toBe("accepted"), { timeout: 30_000 });
      expect(known).toMatchObject([{ messageId, attemptIndex: 0 }]);
      const ids = one.reports.map(({ providerMessageId }) => providerMessageId);
      expect(new Set(ids)).toEqual(new Set([`ours:${commandId}`]));
      expect(ids).toHaveLength(takesKeys ? 1 : 2);
    }
  });

  it("stays with an open message, and the other one is told that it goes without", async () => {
    const id = randomUUID();
    const answer = { ...accepted, providerMessageId: id } as const;
    const [first, second] = [command(), command()];
    const states = new Map([first, second].map(({ messageId }) => [messageId, open]));
    const one = dispatcher(provider(answer), { states });
    await one.handle(first);
    await one.handle(second);
    expect(one.reports.map(idOf)).toEqual([
      { provider: "test", providerMessageId: id },
      { provider: "test", providerMessageId: "" },
    ]);
    expect(one.reports[1]).toMatchObject({ status: "ACCEPTED", errorCode: "provider-id-taken" });
    expect(await attemptOf(id)).toMatchObject({ messageId: first.messageId });
  });

  it("goes to the newest where the message that had it is over", async () => {
    const id = randomUUID();
    const answer = { ...accepted, providerMessageId: id } as const;
    const [first, second] = [command(), command()];
    const states = new Map([[first.messageId, open]]);
    const one = dispatcher(provider(answer), { states });
    await one.handle(first);
    states.set(first.messageId, ended);
    await one.handle(second);
    expect(one.reports[1]).toMatchObject({ providerMessageId: id, errorCode: null });
    expect(await attemptOf(id)).toMatchObject({ messageId: second.messageId });
  });
});
