import { assert, describe, expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { refusalOf, requestedSteps } from "#libs/message-flow/requested.ts";
import type { Account } from "#libs/settings/account.ts";
import { parseSend } from "#services/api/routes/native/messages/parse-send.ts";
import { refusedAs } from "#services/api/routes/native/problem.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { templateSetting } from "#test/support/template-setting.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const otp = templateSetting({ name: "otp", category: "authentication", ttlSeconds: 600 });
const offer = templateSetting({ name: "offer", category: "marketing", ttlSeconds: 2_592_000 });
const found = demoView(otp, offer).findAccount("demo");
assert(found);
const demo: Account = found;

const parse = (body: unknown, account = demo) =>
  parseSend(body, { account, messageId: "m-1", now: NOW });

function accepted(body: unknown, account = demo): SendRequest {
  const { request } = parse(body, account);
  const steps = requestedSteps(request, account);
  expect(refusalOf(request, steps, account)).toBeNull();
  return request;
}

function refused(body: unknown, account = demo): { code: string; message: string } {
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
const code = { type: "TEMPLATE", template, fallbackText: "Your code is 1" };
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
  it.each<[string, unknown, RegExp]>([
    ["no body", undefined, /^The body must be object/],
    [
      "no recipient",
      { content: hello.content },
      /^The body must have required properties recipient/,
    ],
    ["an unknown member", { ...hello, colour: "red" }, /additional properties: colour/],
    ["no number", { ...hello, recipient: { msisdn: "12" } }, /^\/recipient\/msisdn must/],
    [
      "no country",
      { ...hello, recipient: { msisdn: "+6591234567", country: "XX" } },
      /^\/recipient\/country must/,
    ],
    ["no text", { ...hello, content: {} }, /^\/content\/text is missing/],
    ["no template", withContent({ type: "TEMPLATE" }), /^\/content\/template is missing/],
    ["a template of a text", withContent({ text: "x", template }), /^\/content\/template needs/],
    ["no rich content", withContent({ type: "IMAGE", rich: {} }), /^\/content\/rich is missing/],
    [
      "a step's content without text",
      { ...hello, steps: [{ ...sms, content: {} }] },
      /^\/steps\/0\/content\/text is missing/,
    ],
    ["no steps", { ...hello, steps: [] }, /^\/steps must not have fewer/],
    [
      "eleven steps",
      { ...hello, steps: Array.from({ length: 11 }, () => sms) },
      /^\/steps must not have more/,
    ],
    ["an unknown channel", { ...hello, steps: [{ channel: "fax" }] }, /^\/steps\/0\/channel must/],
    [
      "a wait of none",
      { ...hello, steps: [{ ...whatsapp, waitSeconds: 0 }, sms] },
      /^\/steps\/0\/waitSeconds must/,
    ],
    ["steps and a flow", { ...hello, steps: [sms], flowId: "x" }, /exclude each other/],
    ["no instant", { ...hello, scheduledAt: "tomorrow" }, /^\/scheduledAt must/],
    ["a far instant", { ...hello, scheduledAt: "2026-12-22T12:00:00Z" }, /30 days ahead/],
    ["a past end", { ...hello, expiresAt: "2026-11-21T12:00:00Z" }, /^\/expiresAt has passed/],
    [
      "an end before the start",
      { ...hello, scheduledAt: "2026-11-21T14:00:00Z", expiresAt: "2026-11-21T13:00:00Z" },
      /^\/expiresAt comes before/,
    ],
    ["no end", { ...hello, expiresAt: "2026-13-01T00:00:00Z" }, /^\/expiresAt must/],
    ["no callback", { ...hello, callbackUrl: "ftp://example.com" }, /^\/callbackUrl must/],
    ["a password", { ...hello, callbackUrl: "http://a:b@example.com" }, /^\/callbackUrl must/],
    [
      "GSM that cannot be",
      withContent({ text: "你", sms: { encoding: "GSM" } }, sms),
      /^\/content\/text has "你"/,
    ],
  ])("with %s is told where and what", (_, body, detail) => {
    const { message, code: problem } = refused(body);
    expect(problem).toBe("invalid");
    expect(message).toMatch(detail);
  });

  it("is told all faults of its shape at once, and all of its sense", () => {
    const shape = refused({ ...hello, purpose: "FUN", lateReports: "MAYBE" }).message;
    expect(shape).toMatch(/\/purpose must.*\/lateReports must/);
    const sense = { ...hello, recipient: { msisdn: "1" }, content: {}, callbackUrl: "x" };
    expect(refused(sense).message.split("; ")).toHaveLength(3);
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

describe("a wait that is shorter than its template's TTL", () => {
  const steps = [{ ...whatsapp, waitSeconds: 60 }, sms];
  const short = withContent(code, ...steps);

  it("is warned of unless the sender says otherwise", () => {
    const { request, warnings } = parse(short);
    expect(request.steps[0]?.waitSeconds).toBe(60);
    expect(warnings).toEqual([
      {
        code: "ttl-longer-than-wait",
        path: "/steps/0/waitSeconds",
        detail: expect.stringContaining("600 s"),
      },
    ]);
  });

  it("is raised above it", () => {
    const { request, warnings } = parse({ ...short, ttlPolicy: "align" });
    expect(request.steps[0]?.waitSeconds).toBeGreaterThan(600);
    expect(warnings).toEqual([]);
  });

  it("is raised in the request where the flow is the account's", () => {
    const { request } = parse({ ...withContent(code), ttlPolicy: "align" });
    expect(request.steps.map(({ channel }) => channel)).toEqual(["whatsapp", "sms"]);
    expect(request.steps[0]?.waitSeconds).toBeGreaterThan(600);
  });

  it("is warned of where no wait is long enough", () => {
    const content = { ...code, template: { ...template, name: "offer" } };
    const { warnings } = parse({ ...withContent(content, ...steps), ttlPolicy: "align" });
    expect(warnings).toHaveLength(1);
  });

  it("is refused", () => {
    const problem = refused({ ...short, ttlPolicy: "reject" });
    expect(problem.code).toBe("ttl-longer-than-wait");
    expect(problem.message).toContain("/steps/0/waitSeconds");
  });

  it("is nobody's concern where nothing follows, or where it is long enough", () => {
    expect(parse(withContent(code, { ...whatsapp, waitSeconds: 60 })).warnings).toEqual([]);
    expect(parse(withContent(code, { ...whatsapp, waitSeconds: 900 }, sms)).warnings).toEqual([]);
  });
});
