import { describe, expect, it } from "vitest";
import { newApiKey } from "#libs/settings/api-keys.ts";
import { withBody } from "#libs/settings/setting.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";

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

async function ask(body: unknown, authorization = "Bearer demo-key") {
  const nothing = { writer: { change: MISSING }, accept: MISSING, cancel: MISSING, find: MISSING };
  const { request } = startApiServer({ settings: demoView(readerKey), ...nothing });
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
