import { assert, describe, expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { type Problem, refusedAs } from "#libs/dialects/native/problem.ts";
import { parseSend } from "#libs/dialects/native/send/parse-send.ts";
import { faultsOf } from "#libs/judgement/judge.ts";
import type { Account } from "#libs/settings/account.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { templateSetting } from "#test/support/template-setting.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const otp = templateSetting({ name: "otp", category: "authentication", ttlSeconds: 600 });
const found = demoView(otp).findAccount("demo");
assert(found);
const demo: Account = found;

const parse = (body: unknown, account = demo) =>
  parseSend(body, { account, messageId: "m-1", now: NOW });

function accepted(body: unknown, account = demo): SendRequest {
  const { request } = parse(body, account);
  expect(faultsOf(request, { account, now: NOW })).toEqual([]);
  return request;
}

function refused(body: unknown, account = demo): Problem {
  try {
    parse(body, account);
  } catch (error) {
    const problem = refusedAs(error);
    if (problem) return problem;
    throw error;
  }
  assert.fail("the request was accepted");
}

const hello = { recipient: { msisdn: "+6591234567" }, content: { text: "Hello" } };
const sms = { channel: "sms" };
const whatsapp = { channel: "whatsapp" };
const template = { name: "otp", language: "en", components: [{ type: "body" }] };
const withContent = (content: unknown, ...steps: unknown[]) => {
  return { ...hello, content, ...(steps.length > 0 && { steps }) };
};

describe("a request", () => {
  it("says all that the record needs where the body says next to nothing", () => {
    expect(accepted(hello)).toEqual({
      messageId: "m-1",
      accountId: "demo",
      recipient: { msisdn: "+6591234567", country: null, channelUserIds: {} },
      content: { type: "TEXT", text: "Hello", richJson: null, fallbackText: null, sms: null },
      steps: [],
      flowId: null,
      purpose: "TRANSACTIONAL",
      scheduledAt: null,
      expiresAt: null,
      callbackUrl: null,
      clientMessageId: null,
      batchId: null,
      clientBatchId: null,
      lateReports: "AMEND",
      dialect: "native",
      requestedAt: NOW,
    });
  });

  it("keeps whatever the body says", () => {
    const body = {
      recipient: { msisdn: "9123 4567", country: "sg", channelUserIds: { viber: "v-1" } },
      content: { text: "Hello", sms: { source: "FALLTHRU" } },
      flowId: "whatsapp-then-sms",
      purpose: "OTP",
      scheduledAt: "2026-11-21T13:00:00",
      expiresAt: "2026-11-21T15:00:00+01:00",
      callbackUrl: "https://example.com/hook",
      clientMessageId: "c-1",
      lateReports: "IGNORE",
    };
    expect(accepted(body)).toMatchObject({
      recipient: { msisdn: "+6591234567", country: "SG", channelUserIds: { viber: "v-1" } },
      content: { sms: { encoding: "AUTO", source: "FALLTHRU" } },
      flowId: "whatsapp-then-sms",
      purpose: "OTP",
      scheduledAt: NOW + 3_600_000,
      expiresAt: NOW + 7_200_000,
      callbackUrl: "https://example.com/hook",
      clientMessageId: "c-1",
      lateReports: "IGNORE",
    });
  });

  it("reads an id as a number where its channel knows no other ids", () => {
    const channelUserIds = { sms: "9123 4567", rcs: "+65 9123-4567", whatsapp: "US.1" };
    const { recipient } = accepted({ ...hello, recipient: { country: "SG", channelUserIds } });
    expect(recipient.channelUserIds).toEqual({
      sms: "+6591234567",
      rcs: "+6591234567",
      whatsapp: "US.1",
    });
  });

  it("has what a step has of its own, its number as it is dialled in the country", () => {
    const own = {
      recipient: { msisdn: "9876 5432", country: "sg" },
      callbackUrl: "https://example.com/sms",
      clientMessageId: "order-1-sms",
    };
    const { steps } = accepted({ ...hello, steps: [whatsapp, { ...sms, ...own }] });
    expect(steps).toMatchObject([
      { recipient: null, callbackUrl: null, clientMessageId: null },
      { ...own, recipient: { msisdn: "+6598765432", country: "SG", channelUserIds: {} } },
    ]);
  });

  it("waits as long as the account says where a step says nothing, but never after the last", () => {
    const steps = [whatsapp, { channel: "viber", waitSeconds: null }, sms];
    expect(accepted({ ...hello, steps }).steps.map((step) => step.waitSeconds)).toEqual([
      300,
      null,
      null,
    ]);
  });

  it("lets a step say something of its own", () => {
    const own = { type: "TEMPLATE", template };
    const { steps } = accepted({ ...hello, steps: [{ ...whatsapp, content: own }, sms] });
    expect(steps[0]?.content).toEqual({
      type: "TEMPLATE",
      text: null,
      richJson: JSON.stringify({ template }),
      fallbackText: null,
      sms: null,
    });
    expect(steps[1]?.content).toBeNull();
  });

  it("hands rich content on as it is", () => {
    const rich = { image: { url: "https://example.com/a.png" } };
    const { content } = accepted(withContent({ type: "IMAGE", rich }, whatsapp));
    expect(JSON.parse(content.richJson ?? "")).toEqual(rich);
  });
});

describe("a faulty body", () => {
  const long = "x".repeat(161);
  it.each<[string, unknown, RegExp, string?]>([
    ["no body", undefined, /^The body must be object/],
    [
      "no recipient",
      { content: hello.content },
      /^The body must have required properties recipient/,
    ],
    ["an unknown member", { ...hello, colour: "red" }, /additional properties: colour/],
    [
      "no number",
      { ...hello, recipient: { msisdn: "12" } },
      /^\/recipient\/msisdn must/,
      "bad-number",
    ],
    [
      "no country",
      { ...hello, recipient: { msisdn: "+6591234567", country: "XX" } },
      /^\/recipient\/country must/,
      "bad-country",
    ],
    ["no text", { ...hello, content: {} }, /^\/content\/text is missing/, "content-missing"],
    [
      "no template",
      withContent({ type: "TEMPLATE" }),
      /^\/content\/template is missing/,
      "content-missing",
    ],
    ["a template of a text", withContent({ text: "x", template }), /^\/content\/template needs/],
    [
      "no rich content",
      withContent({ type: "IMAGE", rich: {} }),
      /^\/content\/rich is missing/,
      "content-missing",
    ],
    [
      "a step's content without text",
      { ...hello, steps: [{ ...sms, content: {} }] },
      /^\/steps\/0\/content\/text is missing/,
      "content-missing",
    ],
    ["no steps", { ...hello, steps: [] }, /^\/steps must not have fewer/],
    [
      "eleven steps",
      { ...hello, steps: Array.from({ length: 11 }, () => sms) },
      /^\/steps must not have more/,
      "too-many-steps",
    ],
    [
      "an unknown channel",
      { ...hello, steps: [{ channel: "fax" }] },
      /^\/steps\/0\/channel must/,
      "unknown-channel",
    ],
    [
      "a wait of none",
      { ...hello, steps: [{ ...whatsapp, waitSeconds: 0 }, sms] },
      /^\/steps\/0\/waitSeconds must/,
      "impossible-wait",
    ],
    ["steps and a flow", { ...hello, steps: [sms], flowId: "x" }, /exclude each other/],
    ["no instant", { ...hello, scheduledAt: "tomorrow" }, /^\/scheduledAt must/, "not-an-instant"],
    [
      "a far instant",
      { ...hello, scheduledAt: "2026-12-22T12:00:00Z" },
      /30 days ahead/,
      "schedule-too-far",
    ],
    [
      "a past end",
      { ...hello, expiresAt: "2026-11-21T12:00:00Z" },
      /^\/expiresAt has passed/,
      "expires-too-early",
    ],
    [
      "an end before the start",
      { ...hello, scheduledAt: "2026-11-21T14:00:00Z", expiresAt: "2026-11-21T13:00:00Z" },
      /^\/expiresAt comes before/,
      "expires-too-early",
    ],
    [
      "no end",
      { ...hello, expiresAt: "2026-13-01T00:00:00Z" },
      /^\/expiresAt must/,
      "not-an-instant",
    ],
    [
      "no callback",
      { ...hello, callbackUrl: "ftp://example.com" },
      /^\/callbackUrl must/,
      "bad-callback-url",
    ],
    [
      "a password",
      { ...hello, callbackUrl: "http://a:b@example.com" },
      /^\/callbackUrl must/,
      "bad-callback-url",
    ],
    [
      "GSM that cannot be",
      withContent({ text: "你", sms: { encoding: "GSM" } }, sms),
      /^\/content\/text has "你"/,
      "sms-not-gsm",
    ],
  ])("with %s is told where and what", (_, body, detail, expected = "invalid") => {
    const { message, code: problem } = refused(body);
    expect(problem).toBe(expected);
    expect(message).toMatch(detail);
  });

  it("is told all faults of its shape at once, and all of its sense", () => {
    const shape = refused({ ...hello, purpose: "FUN", lateReports: "MAYBE" }).message;
    expect(shape).toMatch(/\/purpose must.*\/lateReports must/);
    const sense = {
      ...hello,
      recipient: { msisdn: "1" },
      content: { text: long },
      callbackUrl: "x",
      scheduledAt: "2026-11-31T10:00:00Z",
      steps: [{ ...sms, sender: "ELSE" }],
    };
    const { message, faults } = refused(sense);
    expect(faults.map(({ code: each, path }) => [each, path])).toEqual([
      ["unknown-sender", "/steps/0/sender"],
      ["bad-number", "/recipient/msisdn"],
      ["sms-too-long", "/content/text"],
      ["not-an-instant", "/scheduledAt"],
      ["bad-callback-url", "/callbackUrl"],
    ]);
    expect(message.split("; ")).toHaveLength(5);
  });

  it.each<[string, unknown, Partial<Account>]>([
    ["no-flow", hello, { defaultFlow: [] }],
    ["unknown-flow", { ...hello, flowId: "nope" }, {}],
    ["unknown-channel", { ...hello, steps: [whatsapp] }, { senders: { sms: "A" } }],
    ["unknown-sender", { ...hello, steps: [{ ...sms, sender: "ELSE" }] }, {}],
    [
      "unknown-sender",
      { ...hello, steps: [{ ...sms, content: { text: "x", sms: { source: "ELSE" } } }] },
      { smsSenders: new Set(["OWN"]) },
    ],
    ["no-recipient", { ...hello, recipient: {} }, {}],
    ["sms-without-text", withContent({ type: "TEMPLATE", template }), {}],
    ["sms-too-long", withContent({ text: long }, sms), {}],
    ["sms-too-long", withContent({ text: "x", fallbackText: long }, sms), {}],
    ["sms-too-long", { ...hello, steps: [{ ...sms, content: { text: long } }] }, {}],
  ])("is told %s", (problem, body, account) => {
    expect(refused(body, { ...demo, ...account }).code).toBe(problem);
  });

  it("may be long where no SMS says it", () => {
    expect(accepted(withContent({ text: long }, whatsapp)).content.text).toBe(long);
    expect(accepted(withContent({ text: long, fallbackText: "x" }, sms))).toBeDefined();
    expect(
      accepted(withContent({ text: long }, sms), { ...demo, smsSegmentsMax: 2 }),
    ).toBeDefined();
  });
});
