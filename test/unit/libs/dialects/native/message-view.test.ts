import { expect, it } from "vitest";
import { messageView } from "#libs/dialects/native/message-view.ts";
import { withoutNulls } from "#libs/without-nulls.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { entryAfter, report, sent, threeSteps, tick } from "#test/support/journal-entry.ts";
import { numbered, requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const fault = { errorCode: "5", errorClass: "PERMANENT" } as const;
const entry = entryAfter([
  sent(threeSteps),
  tick(60_000),
  report(1, "UNDELIVERED", 61_000, fault),
  report(2, "DELIVERED", 62_000),
]);
const account = demoView().findAccount("demo")!;
const request = storedRequest({ flowId: "f-1", purpose: "OTP", batchId: "b-1" });
const view = messageView({ entry, request }, account);
const shown: unknown = JSON.parse(withoutNulls(view));

it("shows where the message stands and what every attempt came to", () => {
  expect(shown).toMatchObject({
    messageId: "m-1",
    accountId: "demo",
    phase: "ENDED",
    outcome: "SUCCEEDED",
    revision: 1,
    duplicate: false,
    flowId: "f-1",
    purpose: "OTP",
    batchId: "b-1",
    recipient: { msisdn: "+65*****567" },
    steps: [{ channel: "whatsapp", waitMs: 60_000, wanted: "READ" }, {}, {}],
    attempts: [
      { attemptIndex: 0, channel: "whatsapp", endedAt: "2026-11-21T12:01:00.000Z" },
      { attemptIndex: 1, channel: "viber", status: "UNDELIVERED", errorCode: "5" },
      { attemptIndex: 2, channel: "sms", status: "DELIVERED", cost: { amount: 450 } },
    ],
    cost: { amount: 450, currency: "EUR" },
  });
});

it("explains every event in a sentence, with its rule and its instant", () => {
  expect(shown).toHaveProperty("story.5", {
    at: "2026-11-21T12:01:01.000Z",
    type: "ATTEMPT_LEFT",
    rule: "failure-report",
    text: "Viber was left: it reported undelivered (code 5, permanent).",
    attemptIndex: 1,
    channel: "viber",
    status: "UNDELIVERED",
    errorCode: "5",
    errorClass: "PERMANENT",
  });
});

it("has no null members and no whole number of a person", () => {
  const json = JSON.stringify(shown);
  expect(json).not.toContain("null");
  expect(json).not.toContain("91234567");
});

it("shows and tells where a step goes that has an address of its own, masked", () => {
  const sms = requestedStep("sms", { recipient: numbered("+6598765432"), clientMessageId: "c-2" });
  const viber = requestedStep("viber", {
    recipient: { msisdn: null, country: null, channelUserIds: { viber: "01234567890A=" } },
  });
  const steps = [requestedStep("whatsapp"), viber, sms];
  const own = messageView({ entry, request: storedRequest({ steps }) }, account);
  const [whatsapp, ...others] = own.steps;
  expect(whatsapp).toMatchObject({ recipient: null, clientMessageId: null });
  expect(others).toMatchObject([
    { recipient: { msisdn: null, idsOn: ["viber"] } },
    { recipient: { msisdn: "+65*****432", idsOn: [] }, clientMessageId: "c-2" },
  ]);
  const told = own.story.map(({ text }) => text?.split(":")[0]);
  expect(told).toEqual(
    expect.arrayContaining([
      "WhatsApp was started",
      "Viber to 012*******0A= was started",
      "SMS to +65*****432 was started",
    ]),
  );
  expect(JSON.stringify(own)).not.toMatch(/98765432|01234567890A/);
});
