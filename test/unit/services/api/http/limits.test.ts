// What the operator limits, as each vendor's client hears of it: caps of the day, the rate of a key, and
// what becomes of whoever goes on showing wrong keys.
import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { fault } from "#libs/judgement/fault.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import { NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { withBody } from "#libs/settings/setting.ts";
import { startApiServer as start } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { noCaps } from "#test/support/no-caps.ts";

const text = "Hello";
const to = "6591234567";
const bearer = { authorization: "Bearer demo-key" };
const basic = { authorization: `Basic ${Buffer.from("demo:demo-key").toString("base64")}` };
const post = (url: string, headers: Record<string, string>, payload: object): InjectOptions => {
  return { method: "POST", url, headers, payload };
};

const sends = {
  native: post("/ft/v1/messages", bearer, {
    recipient: { msisdn: `+${to}` },
    content: { text },
    steps: [{ channel: "sms" }],
  }),
  "8x8": post("/api/v1/subaccounts/demo/messages", bearer, {
    user: { msisdn: to },
    type: "text",
    content: { text },
    channels: [{ channel: "SMS" }],
  }),
  infobip: post(
    "/messages-api/1/messages",
    { authorization: "App demo-key" },
    {
      messages: [
        {
          channel: "SMS",
          sender: "FALLTHRU",
          destinations: [{ to }],
          content: { body: { text, type: "TEXT" } },
        },
      ],
    },
  ),
  vonage: post("/v1/messages", basic, {
    message_type: "text",
    channel: "sms",
    from: "FALLTHRU",
    to,
    text,
  }),
};

async function answerOf(deps: Parameters<typeof start>[0], name: keyof typeof sends) {
  const { statusCode, body } = await start(deps).request(sends[name]);
  return [statusCode, JSON.parse(body)];
}

describe("a cap of the day that is used up", () => {
  const words = "would be 1 more of messages to this number: 5 of the day's 5 are used";
  const refused = new RequestRefused([fault("number-cap-reached", "/recipient/msisdn", words)]);
  const over = { accept: () => Promise.reject(refused) };

  it("is told in the vendor's words", async () => {
    expect(await answerOf(over, "native")).toMatchObject([422, { code: "number-cap-reached" }]);
    expect(await answerOf(over, "8x8")).toMatchObject([400, { code: 1100 }]);
    expect(await answerOf(over, "infobip")).toMatchObject([
      200,
      { messages: [{ status: { groupName: "REJECTED", name: "REJECTED_FLOODING_FILTER" } }] },
    ]);
    expect(await answerOf(over, "vonage")).toMatchObject([
      422,
      { title: "Too many send requests" },
    ]);
  });

  it("that is near is a warning of ours", async () => {
    const near = [fault("messages-cap-reached", "", "makes it 9 of the day's 10 messages")];
    const { request } = start({ accept: async () => near });
    const { warnings } = (await request(sends.native)).json();
    expect(warnings).toEqual([
      {
        code: "daily-cap-near",
        path: "",
        detail: "The message makes it 9 of the day's 10 messages.",
      },
    ]);
  });
});

describe("a key that asks faster than it may", () => {
  const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "*/first" };
  const limits = { ...NO_LIMITS, ratePerKey: { perSecond: 1 } };
  const settings = demoView(withBody({ ...stamp, kind: "limits", name: "limits" }, limits));
  const slow = { settings, keyRates: { waitMs: async () => 1_200 } };

  it.each(Object.entries(sends))("hears so in the words of %s", async (_name, send) => {
    const { request, accepted } = start(slow);
    const answer = await request(send);
    expect(answer.statusCode).toBe(429);
    expect(answer.headers["retry-after"]).toBe("2");
    expect(accepted).toEqual([]);
  });

  it("is not asked of who has no limit, or of the operator's own keys", async () => {
    const rates = { keyRates: { waitMs: async () => 1_200 } };
    expect((await start(rates).request(sends.native)).statusCode).toBe(202);
    const list = { url: "/ft/v1/accounts", headers: { authorization: "Bearer demo-admin-key" } };
    expect((await start(slow).request(list)).statusCode).toBe(200);
  });
});

const messageTo = (msisdn: string) => ({
  message: { recipient: { msisdn }, content: { text }, steps: [{ channel: "sms" }] },
});

describe("a rehearsal", () => {
  const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "*/first" };
  const limits = { ...NO_LIMITS, countries: { allowed: ["GB"] } };
  const settings = demoView(withBody({ ...stamp, kind: "limits", name: "limits" }, limits));
  const rehearse = (payload: object, deps = {}) =>
    start({ settings, ...deps }).request(post("/ft/v1/rehearsals", bearer, payload));

  it("of a message says what a limit, or a cap of the day, would refuse", async () => {
    const denied = await rehearse(messageTo("+6591234567"));
    expect(denied.json()).toMatchObject({ status: 422, code: "country-not-allowed" });
    expect((await rehearse(messageTo("+447400123456"))).statusCode).toBe(200);
    const faults = [fault("messages-cap-reached", "", "would be 1 more of messages")];
    const caps = { ...noCaps, look: async () => ({ faults, near: [] }) };
    const over = await rehearse(messageTo("+447400123456"), { caps });
    expect(over.json()).toMatchObject({ status: 422, code: "messages-cap-reached" });
  });

  it("of a flow names nobody whom a limit could be about", async () => {
    const flow = { steps: [{ channel: "whatsapp", waitSeconds: 60 }, { channel: "sms" }] };
    expect((await rehearse({ flow })).statusCode).toBe(200);
  });
});

describe("a batch", () => {
  it("tells of each number that an earlier message has, however it is written", async () => {
    const numbers = ["+65 9123 4567", "6591234567", "+6591234568", "(+65)9123-4567"];
    const messages = numbers.map((msisdn) => ({
      recipient: { msisdn },
      content: { text },
      steps: [{ channel: "sms" }],
    }));
    const { request, accepted } = start();
    const answer = await request(post("/ft/v1/messages/batch", bearer, { messages }));
    expect(accepted).toHaveLength(4);
    const told = answer.json().messages.map((each: { warnings?: object[] }) => each.warnings);
    const same = { code: "same-number", path: "/recipient/msisdn" };
    expect(told).toMatchObject([undefined, [same], undefined, [same]]);
  });
});

describe("wrong keys", () => {
  const stranger = { ...sends.native, headers: { authorization: "Bearer nobody" } };

  it("that go on are answered 429, and a good key beside them is served", async () => {
    const { request } = start();
    const from = (remoteAddress: string, send: InjectOptions) =>
      request({ ...send, remoteAddress });
    const statuses = [];
    // Tries come back one a second, so a slow machine needs some more of them.
    while (statuses.at(-1) !== 429 && statuses.length < 2_000) {
      statuses.push((await from("192.0.2.1", stranger)).statusCode);
    }
    expect(statuses.length).toBeGreaterThan(300);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    const answers = await Promise.all([
      from("192.0.2.1", stranger),
      from("192.0.2.1", sends.native),
      from("192.0.2.2", stranger),
    ]);
    expect(answers.slice(1).map(({ statusCode }) => statusCode)).toEqual([202, 401]);
  });
});
