// What accounts use of their day, on a real Redis: counted once, up to the cap, whoever asks.
import { randomUUID } from "node:crypto";
import { afterAll, assert, beforeAll, describe, expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { connectDailyCaps, type DailyCaps } from "#libs/daily-caps/daily-caps.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { type Limits, NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { withBody } from "#libs/settings/setting.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { numbered, requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const AT = Date.UTC(2026, 10, 29, 12);
const DAY_MS = 24 * 3_600_000;
const sms = requestedStep("sms");
const logged: string[] = [];
const resources = new AsyncDisposableStack();
let caps: DailyCaps;

beforeAll(async () => {
  const log = createLog("test", "warn", { write: (line) => void logged.push(line) });
  const server = resources.use(await startRedisServer());
  caps = await connectDailyCaps(resources.use(await connectRedis({ url: server.url, log })), log);
});
afterAll(() => resources.disposeAsync());

/** An account of its own with these caps, and what is asked for it. */
function withCaps(daily: Limits["daily"]) {
  const limits = withBody(
    {
      accountId: "demo",
      kind: "limits",
      name: "limits",
      revision: 1,
      changedAt: 0,
      changedBy: "t",
    },
    { ...NO_LIMITS, daily },
  );
  const found = demoView(limits).findAccount("demo");
  assert(found);
  const account = { ...found, accountId: `t-${randomUUID()}` };
  const asked = (more: Partial<SendRequest> = {}, at = AT) => {
    const messageId = randomUUID();
    const request = storedRequest({ messageId, steps: [sms], ...more });
    return { request, account, at };
  };
  return { account, asked };
}

const to = (msisdn: string) => ({ recipient: numbered(msisdn) });
const codesOf = async (verdict: ReturnType<DailyCaps["take"]>) =>
  (await verdict).faults.map(({ code }) => code);

describe("a daily cap", () => {
  it("of messages takes as many, of all who ask at once, and no more until the next day", async () => {
    const { account, asked } = withCaps({ messages: 10 });
    const all = await Promise.all(Array.from({ length: 30 }, () => codesOf(caps.take(asked()))));
    expect(all.filter((codes) => codes.length === 0)).toHaveLength(10);
    expect(new Set(all.flat())).toEqual(new Set(["messages-cap-reached"]));
    expect((await caps.useOf(account.accountId, AT)).used.messages).toBe(10);
    expect(await codesOf(caps.take(asked({}, AT + DAY_MS)))).toEqual([]);
  });

  it("counts a request once that comes again, also after midnight", async () => {
    const { account, asked } = withCaps({ messages: 2 });
    const first = asked({}, AT);
    for (const at of [AT, AT, AT + DAY_MS]) {
      expect(await codesOf(caps.take({ ...first, at }))).toEqual([]);
    }
    expect((await caps.useOf(account.accountId, AT)).used.messages).toBe(1);
    expect((await caps.useOf(account.accountId, AT + DAY_MS)).used.messages).toBe(0);
    expect(await codesOf(caps.take(asked()))).toEqual([]);
    expect(await codesOf(caps.take(first))).toEqual([]);
    expect(await codesOf(caps.take(asked()))).toEqual(["messages-cap-reached"]);
  });

  it("of a number, a block of numbers and a prefix counts whomever a step reaches", async () => {
    const daily = { messagesPerNumber: 1, messagesPerPrefix: 4, messagesByPrefix: { "+61": 1 } };
    const { asked } = withCaps(daily);
    expect(await codesOf(caps.take(asked(to("+6591234501"))))).toEqual([]);
    expect(await codesOf(caps.take(asked(to("+6591234501"))))).toEqual(["number-cap-reached"]);
    // With the message's own number, which another step reaches, these are three of the block.
    const second = { ...sms, recipient: numbered("+6591234502") };
    expect(await codesOf(caps.take(asked({ steps: [second, sms] })))).toEqual([]);
    const third = { ...sms, recipient: numbered("+6591234503") };
    const fourth = { ...sms, recipient: numbered("+6591234504") };
    expect(await codesOf(caps.take(asked({ steps: [third, fourth] })))).toEqual([
      "prefix-cap-reached",
    ]);
    expect(await codesOf(caps.take(asked({ steps: [third] })))).toEqual([]);
    expect(await codesOf(caps.take(asked(to("+61491570156"))))).toEqual([]);
    expect(await codesOf(caps.take(asked(to("+61491570157"))))).toEqual(["prefix-cap-reached"]);
  });

  it("of segments and spending counts every step that may be tried", async () => {
    const { account, asked } = withCaps({ segments: 5, spend: 3_000 });
    const long = { ...storedRequest().content, text: "я".repeat(100) };
    const steps = [requestedStep("whatsapp"), sms];
    expect(await codesOf(caps.take(asked({ steps, content: long })))).toEqual([]);
    // WhatsApp is 350, and an SMS 450 for each of two segments.
    const { used } = await caps.useOf(account.accountId, AT);
    expect(used).toMatchObject({ segments: 2, spend: 350 + 2 * 450 });
    expect(await codesOf(caps.take(asked({ steps, content: long })))).toEqual([]);
    expect(await codesOf(caps.take(asked({ steps, content: long })))).toEqual([
      "segments-cap-reached",
      "spend-cap-reached",
    ]);
    expect(await codesOf(caps.take(asked()))).toEqual([]);
  });

  it("is only looked at by who asks what would be said", async () => {
    const { account, asked } = withCaps({ messages: 0 });
    expect(await codesOf(caps.look(asked()))).toEqual(["messages-cap-reached"]);
    const { account: free, asked: ask } = withCaps({ messages: 1 });
    expect(await codesOf(caps.look(ask()))).toEqual([]);
    for (const each of [account, free]) {
      expect((await caps.useOf(each.accountId, AT)).used.messages).toBe(0);
    }
  });

  it("warns from four fifths on, in the log once a day", async () => {
    const { account, asked } = withCaps({ messages: 5 });
    const near = [];
    for (let count = 0; count < 5; count += 1) near.push((await caps.take(asked())).near.length);
    expect(near).toEqual([0, 0, 0, 1, 1]);
    const told = logged.filter((line) => line.includes(account.accountId));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("messages-cap-reached");
  });
});

it("notes what was refused for a limit, by code", async () => {
  const { account } = withCaps({});
  const noted = new Map([
    ["country-not-allowed", 1],
    ["messages-cap-reached", 1],
  ]);
  await caps.noteRefused(account.accountId, noted, AT);
  await caps.noteRefused(account.accountId, new Map([["country-not-allowed", 1]]), AT);
  expect((await caps.useOf(account.accountId, AT)).refused).toEqual({
    "country-not-allowed": 2,
    "messages-cap-reached": 1,
  });
});
