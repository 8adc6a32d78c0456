import { assert, describe, expect, it } from "vitest";
import { type Problem, refusedAs } from "#libs/dialects/native/problem.ts";
import { parseSend } from "#libs/dialects/native/send/parse-send.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { templateSetting } from "#test/support/template-setting.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const otp = templateSetting({ name: "otp", category: "authentication", ttlSeconds: 600 });
const offer = templateSetting({ name: "offer", category: "marketing", ttlSeconds: 2_592_000 });
const account = demoView(otp, offer).findAccount("demo");
assert(account);
const parse = (body: unknown) => parseSend(body, { account, messageId: "m-1", now: NOW });

function refused(body: unknown): Problem {
  try {
    parse(body);
  } catch (error) {
    const problem = refusedAs(error);
    if (problem) return problem;
    throw error;
  }
  assert.fail("the request was accepted");
}

const sms = { channel: "sms" };
const whatsapp = { channel: "whatsapp" };
const template = { name: "otp", language: "en", components: [{ type: "body" }] };
const code = { type: "TEMPLATE", template, fallbackText: "Your code is 1" };
const withContent = (content: unknown, ...steps: unknown[]) => {
  const recipient = { msisdn: "+6591234567" };
  return { recipient, content, ...(steps.length > 0 && { steps }) };
};

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

describe("a TTL that is to be its step's wait", () => {
  const text = { text: "hello" };
  const match = (...steps: unknown[]) =>
    parse({ ...withContent(text, ...steps), ttlPolicy: "match" });

  it("is the wait, on each step that another follows, whatever TTL it names", () => {
    const rcs = { channel: "rcs", waitSeconds: 90, ttlSeconds: 600 };
    const { request, warnings } = match(rcs, { channel: "viber", waitSeconds: 60 }, sms);
    expect(request.steps.map(({ ttlSeconds }) => ttlSeconds)).toEqual([90, 60, null]);
    expect(request.steps.map(({ waitSeconds }) => waitSeconds)).toEqual([90, 60, null]);
    expect(warnings).toEqual([]);
  });

  it.each([
    ["rcs", 5, 20],
    ["viber", 29, 30],
    ["viber", 200_000, 172_800],
  ])(
    "on %s for %i s is the nearest that its carriers take, and warned of",
    (channel, wait, ttl) => {
      const { request, warnings } = match({ channel, waitSeconds: wait }, sms);
      expect(request.steps[0]?.ttlSeconds).toBe(ttl);
      const detail = expect.stringContaining(`${ttl} s`);
      expect(warnings).toEqual([{ code: "ttl-not-matched", path: "/steps/0/ttlSeconds", detail }]);
    },
  );

  it("is the template's on WhatsApp, which is warned of where that is longer", () => {
    const given = {
      ...withContent(code, { ...whatsapp, waitSeconds: 60 }, sms),
      ttlPolicy: "match",
    };
    const { request, warnings } = parse(given);
    expect(request.steps[0]?.ttlSeconds ?? null).toBeNull();
    expect(warnings).toMatchObject([{ code: "ttl-not-matched", path: "/steps/0/ttlSeconds" }]);
    const long = withContent(code, { ...whatsapp, waitSeconds: 900 }, sms);
    expect(parse({ ...long, ttlPolicy: "match" }).warnings).toEqual([]);
  });

  it("is left to the channel on the last step, where nothing follows", () => {
    expect(match({ channel: "sms", waitSeconds: 60 }).request.steps[0]?.ttlSeconds).toBeNull();
  });
});
