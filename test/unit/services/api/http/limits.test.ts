// What the operator limits, as each vendor's client hears of it: caps of the day, the rate of a key, and
// what becomes of whoever goes on showing wrong keys.
import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { type FaultCode, fault } from "#libs/judgement/fault.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import { NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { withBody } from "#libs/settings/setting.ts";
import { startApiServer as start } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { noCaps } from "#test/support/no-caps.ts";
import { bearer, ofKaleyra, post, sendsTo, stamp } from "#test/support/vendor-sends.ts";

const text = "Hello";
const sends = sendsTo("6591234567");
const vendors = Object.entries(sends).filter(([name]) => name !== "native");

const withLimits = (own: Partial<typeof NO_LIMITS>) => {
  const limits = withBody({ ...stamp, kind: "limits", name: "limits" }, { ...NO_LIMITS, ...own });
  return demoView(limits, ...ofKaleyra);
};

type Answers = Readonly<Record<keyof typeof sends, readonly [status: number, body: object]>>;

const answersOf = (expected: Answers) =>
  Object.entries(expected).map(([name, answer]) => ({ name, answer }));
const sendOf = (all: Readonly<Record<string, InjectOptions>>, name: string) => all[name] ?? {};

/** The member of Infobip's answer that says why it does not take the message. */
const rejectedAs = (name: string) => ({
  messages: [{ status: { groupName: "REJECTED", name } }],
});
const ofVonage = (title: string, name: string) => ({
  title,
  instance: expect.any(String),
  invalid_parameters: [{ name, reason: expect.any(String) }],
});
const ofKaleyraAs = (error_code: string) => ({ data: { error: { error_code } } });

describe("a cap of the day that is used up", () => {
  const words = "would be 1 more of messages to this number: 5 of the day's 5 are used";
  const told = expect.stringContaining("5 of the day's 5 are used");
  const settings = withLimits({});
  const over = (code: FaultCode, path: string) => {
    const refused = new RequestRefused([fault(code, path, words)]);
    return { settings, accept: () => Promise.reject(refused) };
  };

  it.each(
    answersOf({
      native: [422, { code: "number-cap-reached" }],
      "8x8": [400, { code: 1100, message: told }],
      infobip: [200, rejectedAs("REJECTED_FLOODING_FILTER")],
      vonage: [422, ofVonage("Too many send requests", "to")],
      "vonage-dispatch": [400, ofVonage("Invalid params", "workflow[0].to.number")],
      kaleyra: [403, { code: 1403, message: told, ...ofKaleyraAs("FORBIDDEN") }],
      alibaba: [429, { Code: "Throttling.User", Message: told }],
    }),
  )("is told in the words of $name", async ({ name, answer: [status, body] }) => {
    const { request } = start(over("number-cap-reached", "/recipient/msisdn"));
    const answer = await request(sendOf(sends, name));
    expect([answer.statusCode, answer.json()]).toMatchObject([status, body]);
  });

  it.each(
    answersOf({
      native: [422, { code: "spend-cap-reached" }],
      "8x8": [400, { code: 1100, message: told }],
      infobip: [200, rejectedAs("REJECTED_NOT_ENOUGH_CREDITS")],
      vonage: [422, { title: "Facility not allowed", detail: told }],
      "vonage-dispatch": [400, ofVonage("Invalid params", "workflow")],
      kaleyra: [403, { code: 1403, message: told, ...ofKaleyraAs("FORBIDDEN") }],
      alibaba: [429, { Code: "Throttling.User", Message: told }],
    }),
  )("of the whole account is told in the words of $name", async ({ name, answer }) => {
    const { request } = start(over("spend-cap-reached", ""));
    const { statusCode, body } = await request(sendOf(sends, name));
    expect([statusCode, JSON.parse(body)]).toMatchObject(answer);
  });

  it("names the message of Vonage's failover that it is about", async () => {
    const { request } = start(over("number-cap-reached", "/steps/1/recipient/msisdn"));
    const first = { message_type: "text", channel: "whatsapp", from: "FALLTHRU", text };
    const payload = { ...first, to: "6591234568", failover: [sends.vonage.payload] };
    const answer = await request({ ...sends.vonage, payload });
    expect(answer.json()).toMatchObject({ invalid_parameters: [{ name: "failover[0].to" }] });
  });

  const near = [fault("messages-cap-reached", "", "makes it 9 of the day's 10 messages")];
  const warning = {
    code: "daily-cap-near",
    path: "",
    detail: "The message makes it 9 of the day's 10 messages.",
  };

  it("that is near is a warning of ours", async () => {
    const { request } = start({ accept: async () => near });
    const { warnings } = (await request(sends.native)).json();
    expect(warnings).toEqual([warning]);
  });

  it.each(vendors)("that is near is told clients of %s in a header", async (_name, send) => {
    const answer = await start({ settings, accept: async () => near }).request(send);
    expect(answer.statusCode).toBeLessThan(300);
    expect(JSON.parse(String(answer.headers["fallthrough-warnings"]))[0]).toEqual(warning);
  });
});

describe("a class of numbers that the operator does not allow", () => {
  // 0909 is charged at a premium in the United Kingdom.
  const premium = sendsTo("449098790123");

  it.each(
    answersOf({
      native: [422, { code: "number-class-not-allowed" }],
      "8x8": [400, { code: 3003 }],
      infobip: [200, rejectedAs("REJECTED_NETWORK")],
      vonage: [422, ofVonage("Unable to route traffic to a destination", "to")],
      "vonage-dispatch": [400, ofVonage("Invalid params", "workflow[0].to.number")],
      kaleyra: [403, { code: 1403, ...ofKaleyraAs("FORBIDDEN") }],
      alibaba: [400, { Code: "InvalidParameter.To" }],
    }),
  )("is refused in the words of $name", async ({ name, answer }) => {
    const { request, accepted } = start({ settings: withLimits({}) });
    const { statusCode, body } = await request(sendOf(premium, name));
    expect([statusCode, JSON.parse(body)]).toMatchObject(answer);
    expect(accepted).toEqual([]);
  });
});

describe("a key that asks faster than it may", () => {
  const settings = withLimits({ ratePerKey: { perSecond: 1 } });
  const slow = { settings, keyRates: { waitMs: async () => 1_200 } };

  it.each(
    answersOf({
      native: [429, { status: 429 }],
      "8x8": [429, { code: 1100 }],
      infobip: [429, { errorCode: "E429", description: "Too many requests." }],
      vonage: [429, { title: "Throttled", instance: expect.any(String) }],
      "vonage-dispatch": [429, { title: "Throttled", instance: expect.any(String) }],
      kaleyra: [429, { code: 1429, ...ofKaleyraAs("TOO_MANY_REQUESTS") }],
      alibaba: [429, { Code: "Throttling.User", RequestId: expect.any(String) }],
    }),
  )("hears so in the words of $name", async ({ name, answer }) => {
    const { request, accepted } = start(slow);
    const { statusCode, body, headers } = await request(sendOf(sends, name));
    expect([statusCode, JSON.parse(body)]).toMatchObject(answer);
    expect(headers["retry-after"]).toBe("2");
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
  const settings = withLimits({ countries: { allowed: ["GB"] } });
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
