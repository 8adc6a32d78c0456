import { describe, expect, it } from "vitest";
import { newApiKey } from "#libs/settings/api-keys.ts";
import { withBody } from "#libs/settings/setting.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { kaleyraTemplates, publishedFlow } from "#test/support/kaleyra-flows.ts";

const flow = {
  steps: [
    { channel: "whatsapp", waitSeconds: 60, wanted: "READ" },
    { channel: "viber", waitSeconds: 60 },
    { channel: "sms" },
  ],
};
const message = {
  recipient: { msisdn: "+6591234567" },
  content: { type: "TEXT", text: "Hello" },
  ...flow,
};
const silence = { whatsapp: "silent", viber: "silent", sms: "silent" };
const MISSING = () => Promise.reject(new Error("A rehearsal neither sends nor reads messages."));

const reader = newApiKey({ scopes: ["read"] }, 0);
const place = { accountId: "demo", kind: "api-key", name: "reader" } as const;
const stamp = { revision: 1, changedAt: 0, changedBy: "test" };
const readerKey = withBody({ ...place, ...stamp }, reader.body);

const orders = withBody(
  { accountId: "demo", kind: "flow", name: "orders", ...stamp },
  publishedFlow(),
);

async function ask(body: unknown, authorization = "Bearer demo-key") {
  const nothing = { writer: { change: MISSING }, accept: MISSING, cancel: MISSING, find: MISSING };
  const { request } = startApiServer({
    settings: demoView(readerKey, ...kaleyraTemplates, orders),
    ...nothing,
  });
  const headers = { authorization, "content-type": "application/json" };
  const payload = JSON.stringify(body);
  const answer = await request({
    method: "POST",
    url: "/ft/v1/rehearsals",
    headers,
    payload,
  });
  expect(answer.body).not.toContain("null");
  return { status: answer.statusCode, body: answer.json(), text: answer.body };
}

describe("a rehearsal of one way", () => {
  it("tells 8x8's three steps with their times where all channels are silent", async () => {
    const { status, body } = await ask({ message, behaviours: silence });
    expect(status).toBe(200);
    expect(body.summary).toBeUndefined();
    const [only] = body.rehearsals;
    expect(only).toMatchObject({ outcome: "UNCONFIRMED", duplicate: false });
    expect(only.duplicateRisk).toBe("possible");
    const starts = only.attempts.map((each: { startedAfterMs: number }) => each.startedAfterMs);
    expect(starts).toEqual([0, 60_000, 120_000]);
    expect(only.story[3]).toMatchObject({
      afterMs: 60_000,
      rule: "wait-ended",
      channel: "whatsapp",
      text: "WhatsApp was left: not read within 60 s (it got as far as accepted).",
    });
    expect(only.story[3].at).toMatch(/^2\d{3}-.*Z$/);
  });

  it("tells what it costs, and what a copy too many does", async () => {
    const behaviours = { whatsapp: "delivered", viber: "delivered" };
    const { body } = await ask({ message, behaviours: { ...behaviours, sms: "read" } });
    expect(body.rehearsals[0]).toMatchObject({
      behaviours: [
        { step: 0, channel: "whatsapp", behaviour: "delivered" },
        { step: 1, channel: "viber", behaviour: "delivered" },
      ],
      outcome: "SUCCEEDED",
      channel: "viber",
      durationMs: 62_000,
      duplicate: true,
      duplicateRisk: "certain",
      duplicateReason: "WhatsApp and Viber reach the person.",
      cost: { currency: "EUR" },
      extraCost: { currency: "EUR" },
    });
  });

  it("warns of a wait that is shorter than its channel goes on trying", async () => {
    const steps = [{ channel: "whatsapp", waitSeconds: 60, ttlSeconds: 600 }, { channel: "sms" }];
    const { body } = await ask({ flow: { steps }, behaviours: silence });
    expect(body.warnings).toMatchObject([
      { code: "ttl-longer-than-wait", path: "/steps/0/waitSeconds" },
    ]);
    expect(body.rehearsals[0].duplicateRisk).toBe("possible");
  });

  it("sees no risk of a duplicate where the channel gives up in time", async () => {
    const steps = [{ channel: "whatsapp", waitSeconds: 60, ttlSeconds: 60 }, { channel: "sms" }];
    const { body } = await ask({ flow: { steps }, behaviours: { whatsapp: "sent", sms: "read" } });
    expect(body.rehearsals[0].duplicateRisk).toBe("none");
  });

  it("completes a flow as the account would, and names no instants", async () => {
    const steps = [{ channel: "whatsapp" }, { channel: "sms" }];
    const { body } = await ask({ flow: { steps }, behaviours: silence });
    const { attempts, story } = body.rehearsals[0];
    expect(attempts[1].startedAfterMs).toBe(300_000);
    expect(story[0].at).toBeUndefined();
  });

  it("needs a key that may read, no more", async () => {
    expect((await ask({ flow }, `Bearer ${reader.apiKey}`)).status).toBe(200);
  });

  it("takes a published flow by its id", async () => {
    const { body } = await ask({ flowId: "whatsapp-then-sms", behaviours: silence });
    expect(body.rehearsals[0].attempts).toHaveLength(2);
  });
});

describe("a rehearsal of every way", () => {
  it("gives an example of each ending, and counts them", async () => {
    const { status, body } = await ask({ flow });
    expect(status).toBe(200);
    const { summary, rehearsals } = body;
    expect(summary.rehearsalCount).toBe(111);
    expect(summary.endings).toHaveLength(rehearsals.length);
    for (const { rehearsalIndex, outcome, channel, duplicate } of summary.endings) {
      expect(rehearsals[rehearsalIndex]).toMatchObject({ outcome, duplicate });
      expect(rehearsals[rehearsalIndex].channel).toBe(channel);
    }
    expect(summary.slowestSuccess.durationMs).toBe(60_000 + 60_000 + 78_000);
    expect(summary.duplicates).toEqual({
      risk: "certain",
      by: [
        { step: 0, channel: "whatsapp", behaviour: "delivered" },
        { step: 0, channel: "whatsapp", behaviour: "late" },
        { step: 1, channel: "viber", behaviour: "late" },
      ],
    });
  });

  it("stays small for the longest flow", async () => {
    const steps = Array.from({ length: 10 }, () => ({ channel: "whatsapp", wanted: "READ" }));
    const { body, text } = await ask({ flow: { steps }, behaviours: "all" });
    expect(body.summary.reduced).not.toEqual([]);
    expect(text.length).toBeLessThan(256 * 1024);
  });
});

const eightByEight = {
  channels: [{ channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" }, { channel: "SMS" }],
  user: { msisdn: "+6591234567" },
  type: "text",
  content: { text: "Hello" },
};
const alibaba = {
  ChannelType: "whatsapp",
  Type: "message",
  MessageType: "text",
  Content: '{"text":"Hello"}',
  From: "FALLTHRU",
  To: "6591234567",
  FallBackId: "S_000001",
  FallBackContent: "Hello by SMS",
  FallBackDuration: "60",
};
const infobip = {
  messages: [
    {
      channel: "WHATSAPP",
      destinations: [
        {
          byChannel: [
            { channel: "WHATSAPP", to: "6591234567" },
            { channel: "SMS", to: "6591234567" },
          ],
        },
      ],
      content: { body: { type: "TEXT", text: "Hello" } },
      options: { validityPeriod: { amount: 1 } },
      failover: [{ channel: "SMS" }],
    },
  ],
};
const text = { message_type: "text", to: "6591234567", from: "FALLTHRU", text: "Hello" };
const next = { ...text, channel: "sms" };
const vonage = { ...text, channel: "whatsapp", ttl: 60, failover: [next] };
const kaleyra = {
  requestId: "order-1",
  input: {
    send1: { recipient: "6591234567", templateParams: { 1: "Ann", 2: "A-1" } },
    send2: { recipient: "6591234567", templateParams: { order: "A-1", name: "Ann" } },
  },
};
const by = (type: string) => ({
  from: { type, number: "FALLTHRU" },
  to: { type, number: "6591234567" },
  message: { content: { type: "text", text: "Hello" } },
});
const failover = { expiry_time: 60, condition_status: "delivered" };
const dispatch = { template: "failover", workflow: [{ ...by("whatsapp"), failover }, by("sms")] };

describe("a rehearsal in a vendor's words", () => {
  it.each([
    ["8x8", { message: eightByEight }],
    ["8x8", { message: { messages: [{}], template: eightByEight } }],
    ["alibaba", { message: alibaba }],
    ["infobip", { message: infobip }],
    ["vonage", { message: vonage }],
    ["kaleyra", { message: kaleyra, flowId: "orders" }],
    ["vonage-dispatch", { message: dispatch }],
  ])("takes a request of %s as it is sent", async (dialect, asked) => {
    const { status, body } = await ask({ dialect, ...asked, behaviours: silence });
    expect([status, body.detail]).toEqual([200, undefined]);
    const [only] = body.rehearsals;
    const channels = only.attempts.map((each: { channel: string }) => each.channel);
    expect(channels).toEqual(["whatsapp", "sms"]);
    expect(only.attempts[1].startedAfterMs).toBe(60_000);
  });

  it("takes a mass send of Alibaba's by its first recipient", async () => {
    const { To, Content: _text, MessageType: _type, Type: _kind, ...shared } = alibaba;
    const template = { ...shared, TemplateCode: "order", Language: "en" };
    const mass = { ...template, SenderList: JSON.stringify([{ To }, { To: "12" }]) };
    const { status, body } = await ask({ dialect: "alibaba", message: mass, behaviours: silence });
    expect([status, body.detail]).toEqual([200, undefined]);
  });

  it("passes on what Alibaba's client would be warned of", async () => {
    const { FallBackDuration: _left, ...others } = alibaba;
    const asked = { ...others, FallBackRule: "unread" };
    const { body } = await ask({ dialect: "alibaba", message: asked, behaviours: silence });
    expect(body.warnings[0]).toMatchObject({ code: "never-unread", path: "FallBackDuration" });
    expect(body.warnings[0].detail).toContain("never reports a message as unread");
  });

  it("takes a flow that says its dialect", async () => {
    const vendorFlow = { dialect: "8x8", channels: eightByEight.channels };
    const { status, body } = await ask({ flow: vendorFlow, behaviours: silence });
    expect(status).toBe(200);
    expect(body.rehearsals[0].attempts).toHaveLength(2);
  });

  it("tells all that is wrong with a flow in the vendor's words, with paths", async () => {
    const channels = [{ channel: "Fax", fallbackAfter: 1 }];
    const { status, body } = await ask({ flow: { dialect: "8x8", channels } });
    expect(status).toBe(422);
    expect(body.faults.map(({ path }: { path: string }) => path)).toEqual([
      "/flow/channels/0/channel",
      "/flow/channels/0/fallbackAfter",
    ]);
  });

  it.each([
    ["8x8", { ...eightByEight, user: {} }, 400, { code: 3002 }],
    ["8x8", { messages: [] }, 400, { code: 3012 }],
    ["alibaba", { ...alibaba, FallBackId: "S_9" }, 400, { Code: "InvalidParameter.FallBackId" }],
    ["alibaba", { ...alibaba, Content: "{" }, 400, { Code: "InvalidParameter.Content" }],
    ["infobip", { messages: [] }, 400, { errorCode: "E400" }],
    ["kaleyra", { input: {} }, 400, { code: 1400 }],
    ["vonage", { ...vonage, channel: "mms" }, 422, { title: "Unsupported channel" }],
  ])("tells in the codes of %s what would be refused", async (dialect, given, status, said) => {
    const named = dialect === "kaleyra" ? { flowId: "orders" } : {};
    const answer = await ask({ dialect, message: given, ...named });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: "vendor-refusal", vendorAnswer: { status } });
    expect(answer.body.vendorAnswer.body).toMatchObject(said);
    expect(answer.body.detail).toMatch(/^HTTP 4\d\d, \S+: ./);
  });

  it("tells which destinations Infobip's client would see rejected", async () => {
    const [first] = infobip.messages;
    const destinations = [{ byChannel: first!.destinations[0]!.byChannel.map(toNobody) }];
    const given = { messages: [{ ...first, destinations }] };
    const { status, body } = await ask({ dialect: "infobip", message: given });
    expect([status, body.code, body.vendorAnswer.status]).toEqual([422, "vendor-refusal", 200]);
    expect(body.detail).toContain("REJECTED_DESTINATION");
  });

  it.each([
    ["an invocation without its flow", { dialect: "kaleyra", message: kaleyra }],
    [
      "a flow beside a request that has none",
      { dialect: "8x8", message: eightByEight, flowId: "orders" },
    ],
    ["a dialect that has no flows", { flow: { dialect: "alibaba" } }],
    ["a dialect that there is not", { dialect: "fax", message: {} }],
  ])("refuses %s", async (_, asked) => {
    const answer = await ask(asked);
    expect([answer.status, answer.body.code]).toEqual([422, "invalid"]);
  });
});

function toNobody({ channel }: { channel: string }) {
  return { channel, to: "12" };
}

describe("a rehearsal is refused", () => {
  it.each([
    ["nothing to rehearse", {}],
    ["two things to rehearse", { flow, flowId: "whatsapp-then-sms" }],
    ["a behaviour that there is not", { flow, behaviours: { whatsapp: "asleep" } }],
    ["a channel that there is not", { flow, behaviours: { fax: "read" } }],
    ["eleven steps", { flow: { steps: Array.from({ length: 11 }, () => ({ channel: "sms" })) } }],
  ])("with 422 for %s", async (_, body) => {
    const answer = await ask(body);
    expect([answer.status, answer.body.code]).toEqual([422, "invalid"]);
  });

  it.each([
    ["unknown-flow", { flowId: "no-such" }],
    ["unknown-sender", { flow: { steps: [{ channel: "sms", sender: "Nobody" }] } }],
    ["no-recipient", { message: { ...message, recipient: {} } }],
    ["sms-too-long", { message: { ...message, content: { text: "x".repeat(161) } } }],
  ])("with the code %s, as the message itself would be", async (code, body) => {
    const answer = await ask(body);
    expect([answer.status, answer.body.code]).toEqual([422, code]);
  });

  it("without a key of an account", async () => {
    expect((await ask({ flow }, "Bearer nope")).status).toBe(401);
    expect((await ask({ flow }, "Bearer demo-admin-key")).status).toBe(403);
  });
});
