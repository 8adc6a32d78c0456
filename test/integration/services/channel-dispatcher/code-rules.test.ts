// An account's own rules for codes, in a dispatcher on a real Redis.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import type { ProviderAdapter, ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import type { CodeRule } from "#libs/settings/bodies/code-rule.ts";
import { codeRuleName } from "#libs/settings/code-rules.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { openDispatchStores } from "#test/support/dispatch-stores.ts";
import { testDispatcher } from "#test/support/dispatcher.ts";

const said = { code: "7", text: "No." };
const refused: ProviderAnswer = { type: "refused", ...said, errorClass: "PERMANENT" };
const temporary: ProviderAnswer = { type: "temporary", ...said };
const accepted: ProviderAnswer = { type: "accepted", providerMessageId: "p1", segmentCount: 1 };

const opened = new AsyncDisposableStack();
let contracts: Contracts;
let redis: RedisConnection;
let providerIds: ProviderIds;

beforeAll(async () => {
  ({ contracts, redis, providerIds } = opened.use(await openDispatchStores()));
});
afterAll(() => opened.disposeAsync());

/** The words on a command whose first call is answered so, and whose second one is accepted. */
async function wordsOn(first: ProviderAnswer, leadsTo: CodeRule["leadsTo"]) {
  const channel = `sms-${randomUUID().slice(0, 8)}`;
  const rule = { provider: "test", code: said.code, leadsTo };
  const account = { codeRules: new Map([[codeRuleName(rule), rule]]) };
  const answers = [first, accepted].values();
  const adapter: ProviderAdapter = {
    provider: "test",
    takesIdempotencyKeys: () => false,
    dispatch: async () => answers.next().value ?? accepted,
    async [Symbol.asyncDispose]() {},
  };
  await using one = testDispatcher({ channel, redis, providerIds, contracts, adapter, account });
  await one.handle(commandFor({ channel, recipient: "+6511110000" }));
  await vi.waitFor(() => expect(one.words()).toHaveLength(1), { timeout: 30_000 });
  return one.words();
}

it.each([
  ["RETRY", refused, "accepted"],
  ["NEXT", temporary, "rejected"],
  ["STOP", temporary, "rejected"],
  ["NEXT", refused, "rejected"],
] as const)("with %s, what is answered %j is %s in the end", async (leadsTo, answer, word) => {
  expect(await wordsOn(answer, leadsTo)).toEqual([word]);
});
