import { describe, expect, it } from "vitest";
import type { AnySetting } from "#libs/settings/setting.ts";
import { withBody } from "#libs/settings/setting.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { templateSetting } from "#test/support/template-setting.ts";

const url = "/api/v1/subaccounts/demo/messages";
const headers = { authorization: "Bearer demo-key" };
const otp = { type: "template", content: { template: { name: "otp", language: "en" } } };
const otpSetting = templateSetting({ name: "otp", category: "authentication", ttlSeconds: 600 });
const sms = { channel: "SMS" };

/** What is accepted of a message to somebody, and what the answer's head and body say. */
async function send(message: object, ...settings: AnySetting[]) {
  const { request, accepted } = startApiServer({ settings: demoView(...settings) });
  const payload = { user: { msisdn: "+6591234567" }, ...message };
  const answer = await request({ method: "POST", url, headers, payload });
  const warnings: unknown = JSON.parse(String(answer.headers["fallthrough-warnings"] ?? "null"));
  return {
    status: answer.statusCode,
    body: answer.json(),
    steps: accepted[0]?.request.steps,
    warnings,
  };
}

const fallingBack = (fallbackAfter: number) => ({
  ...otp,
  content: { ...otp.content, fallbackText: "Your code" },
  channels: [{ channel: "WhatsApp", fallbackAfter }, sms],
});

describe("8x8: a wait that is shorter than the template's TTL", () => {
  it("is warned of in a header, and changes nothing else", async () => {
    const { status, body, steps, warnings } = await send(fallingBack(60), otpSetting);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["umid", "user", "status"]);
    expect(steps?.[0]?.waitSeconds).toBe(60);
    expect(warnings).toEqual([
      {
        code: "ttl-longer-than-wait",
        path: "channels[0].fallbackAfter",
        detail: expect.stringContaining("may deliver for 600 s, the next one starts after 60 s"),
      },
    ]);
  });

  it("is no advice to wait longer than fallbackAfter may be", async () => {
    const news = templateSetting({ name: "otp", category: "marketing", ttlSeconds: 86_400 });
    const { warnings } = await send(fallingBack(60), news);
    expect(warnings).toMatchObject([
      { detail: expect.stringContaining("both: give the template") },
    ]);
  });

  it("is none where the wait is longer", async () => {
    expect((await send(fallingBack(660), otpSetting)).warnings).toBeNull();
  });
});

describe("8x8: a message with nothing to say by SMS", () => {
  it("goes by the default flow without its SMS, and says so", async () => {
    const { status, steps, warnings } = await send(otp);
    expect(status).toBe(200);
    expect(steps).toMatchObject([{ channel: "whatsapp", waitSeconds: null, wanted: "DELIVERED" }]);
    expect(warnings).toMatchObject([{ code: "sms-without-text", path: "content.fallbackText" }]);
  });

  it("goes by the default flow as it is where fallbackText and sms are there", async () => {
    const { content } = otp;
    const said = { ...otp, content: { ...content, fallbackText: "Your code", sms: {} } };
    expect(await send(said)).toMatchObject({ status: 200, steps: [], warnings: null });
  });

  it.each<[string, object]>([
    ["a text that is longer than an SMS", { text: "x".repeat(161) }],
    ["a text with sms alone", { text: "Hello", sms: { encoding: "AUTO" } }],
    ["a text with a fallbackText alone", { text: "Hello", fallbackText: "Hi" }],
  ])("goes without the SMS of the default flow: %s", async (_, content) => {
    const { status, steps, warnings } = await send({ type: "text", content });
    expect({ status, channels: steps?.map(({ channel }) => channel) }).toEqual({
      status: 200,
      channels: ["whatsapp"],
    });
    expect(warnings).toMatchObject([{ code: "sms-without-text" }]);
  });

  it("is refused where it names SMS itself", async () => {
    const named = { ...otp, channels: [{ channel: "WhatsApp" }, sms] };
    expect(await send(named)).toMatchObject({ status: 400, body: { code: 3005 } });
  });

  it("is refused where the default flow is SMS alone", async () => {
    const flow = flowOf({ channel: "sms" });
    expect(await send(otp, flow)).toMatchObject({ status: 400, body: { code: 3005 } });
  });

  it("keeps the waits of the steps that something follows", async () => {
    const flow = flowOf(
      { channel: "whatsapp", waitSeconds: 20 },
      { channel: "sms", waitSeconds: 30 },
      { channel: "viber", waitSeconds: 40 },
    );
    const steps = [
      { channel: "whatsapp", waitSeconds: 20 },
      { channel: "viber", waitSeconds: 40 },
    ];
    expect(await send(otp, flow)).toMatchObject({ status: 200, steps });
  });
});

it("8x8: refuses with 3027 a default flow whose channel is switched off", async () => {
  const place = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
  const off = withBody(
    { ...place, kind: "channel", name: "whatsapp" },
    { senders: ["FALLTHRU"], smsFallback: true, enabled: false },
  );
  const answer = await send({ type: "text", content: { text: "Hello" } }, off);
  expect(answer).toMatchObject({ status: 400, body: { code: 3027 }, steps: undefined });
});

/** The demonstration's default flow with other steps. */
function flowOf(...given: { channel: "whatsapp" | "viber" | "sms"; waitSeconds?: number }[]) {
  const steps = given.map((step) => ({ ...step, wanted: "DELIVERED", onFailure: "NEXT" }) as const);
  const publishedAt = "2026-11-01T00:00:00.000Z";
  const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
  return withBody(
    { ...stamp, kind: "flow", name: "whatsapp-then-sms" },
    { published: 1, versions: [{ version: 1, steps, publishedAt }] },
  );
}
